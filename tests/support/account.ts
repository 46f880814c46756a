import { finalSnapshots, type Handles, refusedByUse, refusedDelete } from "../../planner/move/refused-deletes";
import { type Inputs, refusedCreate, refusedUpdate, storedAs } from "../../planner/move/refused-updates";
import { createdWith, refusedByName } from "./physical-names";

/** A resource in an account. */
export interface Held {
  /** What its program calls it: a URN or a path. A program that forgot a retained resource may use the name again. */
  key: string;
  type: string;
  handles: Handles;
  inputs: Inputs;
}

/**
 * An AWS account that refuses what AWS refuses, by the planner's rules. It holds what a program created until it is
 * deleted, retained resources included. Every refusal throws, and changes nothing.
 */
export class Account {
  private readonly resources: Held[] = [];
  private readonly snapshotNames = new Set<string>();

  /** Everything in the account. */
  get held(): readonly Held[] {
    return this.resources;
  }

  /** Names of the final snapshots of deleted stores. */
  get snapshots(): string[] {
    return [...this.snapshotNames];
  }

  /** Returns the named inputs that a resource has now. */
  inputsOf(key: string, properties: string[]): Inputs {
    const { inputs } = this.find(key);
    return Object.fromEntries(properties.map((property) => [property, inputs[property]]));
  }

  create(resource: Held): void {
    refuse("create", resource.key, refusedCreate(resource.type, resource.inputs));
    refuse("create", resource.key, refusedByName(resource, this.resources));
    this.resources.push({ ...resource, inputs: this.placed(resource) });
    for (const { type, inputs } of createdWith(resource))
      if (!refusedByName({ type, inputs }, this.resources))
        this.resources.push({ key: `${resource.key}: ${String(inputs.name)}`, type, handles: new Set(), inputs });
  }

  update(key: string, inputs: Inputs): void {
    const resource = this.find(key);
    const { type, inputs: before } = resource;
    refuse("update", key, refusedUpdate(type, before, inputs));
    resource.inputs = this.placed({ ...resource, inputs: storedAs(type, before, inputs) });
  }

  delete(key: string): void {
    const resource = this.find(key);
    const { type, handles, inputs } = resource;
    const others = this.resources.filter((other) => other !== resource);
    for (const other of others) {
      const error = refusedByUse(type, handles, other);
      refuse("delete", key, error && `${error}: ${other.key} uses it`);
    }
    refuse("delete", key, refusedDelete(type, inputs));
    this.takeFinalSnapshot(resource);
    this.resources.splice(this.resources.indexOf(resource), 1);
  }

  /** Deletes resources as a person does by hand, with their deletion protection turned off first. */
  deleteByHand(matches: (resource: Held) => boolean): void {
    for (const resource of this.resources.filter(matches)) {
      resource.inputs = { ...resource.inputs, deletionProtection: false };
      this.delete(resource.key);
    }
  }

  private takeFinalSnapshot({ key, type, inputs }: Held): void {
    const rule = finalSnapshots[type];
    if (!rule || inputs.skipFinalSnapshot === true) return;
    const name = String(inputs.finalSnapshotIdentifier ?? "");
    if (name === "") refuse("delete", key, "it leaves no final snapshot");
    if (this.snapshotNames.has(name)) refuse("delete", key, `${rule.error}: ${name}`);
    this.snapshotNames.add(name);
  }

  /** The newest resource of that name. */
  private find(key: string): Held {
    const found = this.resources.filter((resource) => resource.key === key).at(-1);
    if (!found) throw new Error(`${key} is not in the account`);
    return found;
  }

  /** Adds where a store's network interfaces are: in the subnets of its group, which a replica has from its source. */
  private placed({ type, inputs }: Held): Inputs {
    const source = this.resources.find(({ handles }) => handles.has(inputs.replicateSourceDb));
    const group = inputs.dbSubnetGroupName ?? source?.inputs.dbSubnetGroupName ?? inputs.subnetGroupName;
    const subnets = this.resources.find((other) => other.type.endsWith(":SubnetGroup") && other.handles.has(group));
    if (type === "aws:rds/instance:Instance")
      return { ...inputs, dbSubnetGroupName: group, subnetIds: subnets?.inputs.subnetIds };
    if (type === "aws:elasticache/replicationGroup:ReplicationGroup")
      return { ...inputs, subnetIds: subnets?.inputs.subnetIds };
    return inputs;
  }
}

function refuse(action: string, key: string, reason: string | undefined): void {
  if (reason) throw new Error(`AWS refuses to ${action} ${key}: ${reason}`);
}
