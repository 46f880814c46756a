import { program } from "tierstack";
import { resources } from "./resources";

export = program(resources);
