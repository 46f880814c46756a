import catalogue from "./catalogues/aws-sizes.json";

export interface NodeType {
  vcpu: number;
  memoryGiB: number;
}

const ec2: Record<string, NodeType> = catalogue.ec2;
const rds: Record<string, NodeType & { maxConnections: number }> = catalogue.rds;
const cache: Record<string, NodeType & { usableBytes: number }> = catalogue.cache;

/** Sizes of AWS instances, by type; undefined for a type the catalogue does not know. */
export const sizes = {
  instance: (type: string) => ec2[type],
  database: (instanceClass: string) => rds[instanceClass],
  cacheNode: (nodeType: string) => cache[nodeType],
  instanceTypes: Object.keys(ec2),
  databaseClasses: Object.keys(rds),
  cacheNodeTypes: Object.keys(cache),
};
