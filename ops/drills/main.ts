#!/usr/bin/env node
import "../../planner/cli/typescript";
import { started } from "../start";
import { drills } from "./drills";

started(drills);
