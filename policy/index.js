// The entry point of the pack: Pulumi runs JavaScript, and no build step is needed.
require("tsx/cjs");
require("./pack.ts");
