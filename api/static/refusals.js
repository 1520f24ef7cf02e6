// Here is why the service refused a file; say it in the reader's language.

import { make } from "./make.js";
import { english } from "./words.js";

// What the service says of a file, and the same in Chinese; ordered from the particular.
const CHINESE = [
  [/is empty \(0 bytes\)/, "文件是空的（0 字节）。"],
  [/no text is left/, "清理之后没有剩下正文，请检查文件里是不是一篇文章。"],
  [/files of type (\S+) are not read/, "读不了 $1 文件，可以上传 .txt .md .html .pdf .docx。"],
  [/holds many articles/, "这种文件装有许多文章，请管理员用 unionqa index 收录。"],
  [/PDF locked with a password/, "PDF 加了密码，请另存为不带密码的文件。"],
  [/damaged PDF/, "PDF 已损坏，请用阅读器打开，再打印成新的 PDF。"],
  [/PDF of (\d+) pages? without text/, "PDF 共 $1 页，没有文字（可能是扫描件），请先做文字识别（OCR）。"],
  [/not a \.docx/, "不是 .docx 文件（可能是旧的 .doc，或加了密码），请另存为不带密码的 .docx。"],
  [/no readable Word file/, "Word 文件读不了，请用 Word 打开后重新保存。"],
  [/Word file without text/, "Word 文件里没有文字（可能只有图片），请先做文字识别。"],
  [/shows no text/, "网页里没有文字（可能要靠脚本显示），请在浏览器里另存为文本。"],
  [/has ([\d.]+) MB, the limit for \S+ is (\d+) MB/, "文件有 $1 MB，超过 $2 MB 的上限，请分成几个文件。"],
  [/over (?:the limit of )?([\d,]+) bytes/, "文件太大，超过 $1 字节的上限，请分成几个文件。"],
  [/holds (?:over |more than )?([\d,]+) characters of text/, "正文太长（$1 字），请分成几个文件。"],
  [/has ([\d,]+) pages, the limit is ([\d,]+)/, "有 $1 页，超过 $2 页的上限，请分成几个文件。"],
  [/unpacks to|holds [\d,]+ files/, "文件展开后太大，请去掉图片后重新保存。"],
  [/bytes are not UTF-8|the rest is not/, "文字编码认不出来，请另存为 UTF-8。"],
  [/, expected text;/, "内容不是文字，请换成对应的后缀名，或转换成文本。"],
  [/its parser|took its parser/, "文件读得太久或出错，请打开后重新保存，或另存为 .txt。"],
  [/name without control characters/, "文件名里有看不见的字符，请改名后再传。"],
  [/^date:/, "日期不对，请写成 2021-03-05、2021-03 或 2021。"],
  [/^(?:title|region):/, "标题和地区各写一行，最多 200 字，不能有看不见的字符。"],
];

function inChinese(detail) {
  for (const [pattern, words] of CHINESE) {
    const found = pattern.exec(detail);
    if (found) return words.replace(/\$(\d)/g, (_, at) => found[Number(at)]);
  }
  return null;
}

// The parts of an element: what went wrong, and where the service says more, that too.
export function explained(error) {
  if (!error.detail) return [error.message];
  const own = english ? null : inChinese(error.detail);
  if (own) return [own];
  // the name of the file stands beside it already
  const detail = error.detail.replace(/^.{1,300}?\.\w{1,5}: /, "");
  return [error.message, make("small", { className: "facts", lang: "en" }, ` ${detail}`)];
}
