import "../../planner/record/sdk/late-loading";
import { guardSdk } from "../../planner/record/sdk/classes";

// Before any SDK class is loaded: the guard watches only what is loaded after it.
guardSdk();

// The views have the width that they have without a terminal.
delete process.env.COLUMNS;
