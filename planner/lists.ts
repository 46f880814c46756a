/** Adds an item to the list of a key, and makes the list where there is none. */
export function added<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
