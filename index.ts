import { program } from "./platform/program";

/** The composition root. The Pulumi engine and the planner both run this. */
export = program();
