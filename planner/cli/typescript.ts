import { packaged } from "./packaged";

// The user's program is TypeScript. In this repository Node is started with tsx already.
if (packaged) require("tsx/cjs");
