// The runner requires Mocha's modules without an extension, and Mocha 12 names them .cjs.
const { _extensions: extensions } = require("node:module");

extensions[".cjs"] = extensions[".js"];
