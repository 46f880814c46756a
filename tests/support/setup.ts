import { guardSdk } from "../../planner/record/sdk/classes";

// Before any SDK class is loaded: the guard watches only what is loaded after it.
guardSdk();
