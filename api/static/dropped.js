// Here is what was dropped on the page; give me its files, those of folders too, and what was left.

export const MOST = 200; // files at a time; more are better indexed on the machine itself

// All entries of a folder; the browser hands them out in parts.
async function children(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length) return found;
    found.push(...part);
  }
}

async function* filesIn(entries) {
  for (const entry of entries) {
    if (entry.isDirectory) yield* filesIn(await children(entry));
    else yield [await new Promise((resolve, reject) => entry.file(resolve, reject)), entry.fullPath.slice(1)];
  }
}

// {files, paths, skipped, more}: up to MOST files, and those of folders with their path; `skipped` of a folder's are of a kind that is not read,
// hidden ones not counted; `more` says that there were more than MOST. `kinds` as a file input has them.
export async function droppedFiles(data, kinds) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) {
    const files = [...data.files];
    return { files: files.slice(0, MOST), paths: new Map(), skipped: 0, more: files.length > MOST };
  }
  const endings = kinds.split(",");
  const found = { files: [], paths: new Map(), skipped: 0, more: false };
  for await (const [file, path] of filesIn(entries)) {
    const name = file.name.toLowerCase();
    if (name.startsWith(".")) continue;
    if (!endings.some((ending) => name.endsWith(ending))) found.skipped += 1;
    else if (found.files.length === MOST) {
      found.more = true;
      break;
    } else {
      found.files.push(file);
      found.paths.set(file, path);
    }
  }
  return found;
}
