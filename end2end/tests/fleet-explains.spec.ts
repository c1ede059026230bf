// What a fleet tells its operators: figures that the alerts rely on, and the id that leads from an answer to the log.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { fleet } from "./fleet";

const MONITORING = new URL("../../deploy/monitoring/", import.meta.url);

/** As Prometheus names them: a counter ends in `_total`, a histogram has buckets. */
async function told(adminUrl: string): Promise<Set<string>> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const samples = text.split("\n").filter(line => line && !line.startsWith("#"));
  return new Set(samples.map(line => line.split(/[ {]/)[0]));
}

function asked(file: string): string[] {
  // `up` is Prometheus' own.
  return readFileSync(new URL(file, MONITORING), "utf8").match(/\b(?:cardstore|process)_\w+/g) ?? [];
}

test("every figure of the alerts and the dashboard is told by every node", async () => {
  for (const node of fleet().nodes) {
    // A page and its time make the figures that have labels.
    expect((await fetch(node.url)).status).toBe(200);
    const names = await told(node.admin_url);
    for (const file of ["alerts.yaml", "dashboard.json"]) {
      expect(asked(file).length, file).toBeGreaterThan(10);
      expect([...new Set(asked(file))].filter(name => !names.has(name)), `${file}, node ${node.name}`).toEqual([]);
    }
  }
});

test("an answer bears the id that the balancer gave its request", async ({ request }) => {
  const made = (await request.get("/")).headers()["x-request-id"];
  expect(made).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect((await request.get("/")).headers()["x-request-id"]).not.toBe(made);
  const files = await request.get("/robots.txt");
  expect(files.headers()["x-request-id"]).toMatch(/^[\w.-]{1,64}$/);
});

test("an id that no balancer makes is not taken", async () => {
  const [node] = fleet().nodes;
  const answered = async (id: string) =>
    (await fetch(`${node.url}/login`, { headers: { "x-request-id": id } })).headers.get("x-request-id");
  expect(await answered("a-balancers.Own_1")).toBe("a-balancers.Own_1");
  for (const id of ["<script>", "a b", "x".repeat(65), "id=1;role=admin"]) {
    expect(await answered(id)).toMatch(/^[0-9a-f]{16}-[0-9a-f]+$/);
  }
});
