// SPDX-License-Identifier: Apache-2.0
// Ends with 1 where this Node.js is older than the scripts here need.
console.log(process.version);
process.exit(Number.parseInt(process.versions.node, 10) >= 18 ? 0 : 1);
