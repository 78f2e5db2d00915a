import { describe, expect, it } from "vitest";
import { describeGroup, type Group, packRows, readGroup, rowsOf, unpackRows, writeGroup } from "../../src/directions/groups";

const columns = [
  { key: "labels", label: "class", names: ["cat", "dog", "owl"] },
  { key: "factor:hair colour", label: "hair colour", names: ["black", "pink"] },
];

describe("a group as text", () => {
  it.each<[Group, string]>([
    [{ values: new Map([["labels", [0, 2]]]), rows: [] }, "labels:0.2"],
    [{ values: new Map([["factor:hair colour", [1]], ["labels", [1]]]), rows: [] }, "factor%3Ahair%20colour:1;labels:1"],
    [{ values: new Map(), rows: [] }, ""],
  ])("%j is %s, and the other way round", (group, text) => {
    expect(writeGroup(group)).toBe(text);
    expect(readGroup(text, 100)).toEqual(group);
  });

  it("carries rows, few or many", () => {
    for (const rows of [[0], [7, 8, 300], [199_999], Array.from({ length: 3000 }, (_, i) => 3 * i), Array.from({ length: 9000 }, (_, i) => i)]) {
      expect(unpackRows(packRows(rows))).toEqual(rows);
      const text = writeGroup({ values: new Map(), rows });
      expect(text).toMatch(/^[A-Za-z0-9%._:;~!*'()-]*$/); // what the server lets through
      expect(text.length).toBeLessThanOrEqual(2000);
      expect(readGroup(text, 200_000).rows).toEqual(rows);
    }
  });

  it("is read without what is wrong with it", () => {
    expect(readGroup("labels:1.x.99999999.2;rows:%%%;:3;%E0:1;nothing", 10)).toEqual({ values: new Map([["labels", [1, 2]]]), rows: [] });
    const beyond = writeGroup({ values: new Map(), rows: [3, 12] });
    expect(readGroup(beyond, 10).rows).toEqual([3]);
  });
});

it("has the rows of its values and its own, each once", () => {
  const labels = [0, 1, 2, 0, 1];
  const group: Group = { values: new Map([["labels", [0, 2]], ["gone", [1]]]), rows: [0, 4] };
  expect([...rowsOf(group, (key) => (key === "labels" ? labels : undefined))]).toEqual([0, 2, 3, 4]);
});

it("is said in words", () => {
  const say = (group: Partial<Group>) => describeGroup({ values: new Map(), rows: [], ...group }, { columns });
  expect(say({ values: new Map([["labels", [0]]]) })).toBe("cat");
  expect(say({ values: new Map([["labels", [0, 2]]]), rows: [5] })).toBe("cat, owl or image 5");
  expect(say({ rows: [1, 2, 3] })).toBe("3 images");
  expect(say({ values: new Map([["labels", [0, 1, 2]], ["factor:hair colour", [0, 1]]]) })).toBe("cat, dog, owl or 2 more");
  expect(say({})).toBe("nothing");
});
