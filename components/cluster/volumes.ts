/** Sizes of the volumes that nodes boot from, in GiB. The state of k3s is on a data volume of its own. */
export const volumeGiB = {
  /** For the operating system, the swap file, logs and scratch space of pods. */
  k3sRoot: 8,
  /** For images and scratch space: pods store no data on a node. */
  eksNode: 20,
};
