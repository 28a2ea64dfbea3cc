// Ask llama.cpp: node llama_cpp.mjs FOLDER_OF_NODE_MODULES job.json writes {logits, tokens} per prompt to its `out`.
import {readFileSync, writeFileSync} from "fs";
import {join} from "path";
import {pathToFileURL} from "url";

const [folder, file] = process.argv.slice(2);
const entry = join(folder, "node_modules", "node-llama-cpp", "dist", "index.js");
const {getLlama} = await import(pathToFileURL(entry).href);
const job = JSON.parse(readFileSync(file, "utf8"));
const llama = await getLlama({gpu: false, build: "never", logLevel: "error", maxThreads: 1});
const model = await llama.loadModel({modelPath: job.model, useMmap: false});
const context = await model.createContext({contextSize: 256, flashAttention: false, experimentalKvCacheKeyType: "F32",
    experimentalKvCacheValueType: "F32", ...(job.lora ? {lora: job.lora} : {})});
const sequence = context.getSequence();
const answers = [];
for (const prompt of job.prompts) {
    await sequence.clearHistory();
    const tokens = [];
    let logits = null;
    let feed = prompt;
    for (let step = 0; step < job.steps; step++) {
        const input = feed.map((token, at) =>
            at === feed.length - 1 ? [token, {generateNext: {logits: true, options: {temperature: 0}}}] : token);
        const next = (await sequence.controlledEvaluate(input))[feed.length - 1].next;
        const pairs = [...next.logits].sort((one, other) => one[0] - other[0]);
        if (step === 0) logits = pairs.map(([, value]) => value);
        const best = pairs.reduce((one, other) => (other[1] > one[1] ? other : one))[0];
        tokens.push(best);
        feed = [best];
    }
    answers.push({logits, tokens});
}
writeFileSync(job.out, JSON.stringify(answers));
process.exit(0);
