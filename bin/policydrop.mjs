#!/usr/bin/env node
// Runs on whatever Node (>= 20.19) is there; the program itself runs on the pinned Node 24.
import { runOnPinnedNode } from './bootstrap.mjs';

await runOnPinnedNode(() => 'src/main.mjs', process.argv.slice(2));
