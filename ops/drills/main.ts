#!/usr/bin/env node
import "../../planner/cli/typescript";
import { started } from "../start";
import { drills } from "./drills";

// A drill whose output is closed has not been done.
started(drills, 1);
