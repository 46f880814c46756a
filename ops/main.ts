#!/usr/bin/env node
import "../planner/cli/typescript";
import { operations } from "./commands";
import { started } from "./start";

started(operations);
