// Here is the name of a text; give me its words in the reader's language.

const ZH = {
  name: "工会问答", ask: "提问", question: "问题", placeholder: "问一个问题", skip: "跳到提问框",
  skipMain: "跳到正文", menu: "菜单", talks: "对话", begin: "新对话", articles: "文章", asked: "未答问题",
  other: "English", dark: "深色", light: "浅色", theme: "切换到{0}", signOut: "退出登录",
  holdings: "从收录的文章里找答案，每一句都给出原文出处；文章没有写的，直接说没有。",
  has: "收录文章 {0} 篇{1}{2}。", comma: "、", hasFrom: "，来自{0}", hasFromMore: "，来自{0}等 {1} 地", hasNewest: "，最新的是 {0}",
  hasNone: "还没有收录文章。请到“文章”页上传。", examples: "可以这样问", start: "开始",
  waiting: "正在查找", stop: "停止", stopped: "已停止。", again: "再问一次", edit: "修改再问", editOf: "修改再问：{0}",
  broken: "回答中断了，这一问没有记下。请检查网络后再问一次。", gone: "这条回答引用的文章已被删除。",
  none: "还没有对话", today: "今天", week: "最近七天", earlier: "更早", rename: "改名", renameOf: "改名：{0}",
  remove: "删除", removeOf: "删除：{0}", removeSure: "确认删除", save: "保存", cancel: "取消", newName: "新名称",
  sources: "出处", source: "原文", cite: "出处 {0}：{1}", partial: "只找到一部分", not_found: "文章里没有",
  related: "相近的内容，不是答案", copyFigure: "复制 {0}", copy: "复制答案与出处", copied: "已复制", notCopied: "复制不了，请手动选取",
  copyTable: "复制表格", saveChart: "下载图表", chart: "条形图：{0}", chartOf: "{0}：{1}", up: "有用", down: "不对",
  thanks: "已记下，谢谢", comment: "哪里不对（可不填）", commentUp: "想说的话（可不填）", remarkOf: "您写了：{0}", withdraw: "撤回评价", withdrawn: "已撤回", send: "发送",
  article: "文章", close: "关闭", whole: "单独打开", published: "看原文", cleaned: "看正文", copyQuote: "复制引文",
  download: "下载原文", web: "原网页", file: "文件：{0}", inferred: "{0}（推断）", quoted: "“{0}”（{1}）", quotedBy: "（{0}）",
  search: "查找", searchLabel: "查找文章", region: "地区", from: "起始日期", to: "截止日期", filter: "筛选", clear: "清除",
  upload: "上传文章", drop: "把文件或文件夹拖到这里，或者", choose: "选择文件", kinds: ".txt .md .html .pdf .docx，每个不超过 20 MB",
  skipped: "文件夹里有 {0} 个文件不是这几种格式，没有读取。", tooMany: "一次最多读 {0} 个文件，其余的请分批拖入，或请管理员用 unionqa index 收录。",
  noneDropped: "里面没有可以收录的文件。", notDropped: "文件夹读不了，请改用“选择文件”。",
  queue: "待保存的文章", reading: "正在读取", saving: "正在保存", saved: "已保存，可以提问了", saveAll: "全部保存", discard: "放弃", discardOf: "放弃：{0}",
  preview: "预览", sameName: "已有同名文章", asReplacement: "替换它", asAnother: "另存为一篇", keptAs: "列表里有同名文件，保存为“{0}”", replacing: "将替换“{0}”", replaceAll: "同名的全部替换", undecided: "还有 {0} 个文件与已有文章同名，没有保存；请选择替换还是另存。", clean: "正文", asReceived: "原文（划去的不收录）", title: "标题", date: "日期",
  characters: "{0} 字", correct: "更正", correctOf: "更正：{0}", replace: "替换", replaceOf: "替换：{0}", replacedOf: "已替换“{0}”", undoOf: "撤销：{0}", undoing: "刚删除或替换的，可以撤销",
  deleted: "已删除“{0}”", undo: "撤销", restored: "已恢复", more: "更多", noArticles: "没有这样的文章。", toArticles: "看全部文章", count: "{0} 篇",
  dateForm: "日期写成 2021-03-05、2021-03 或 2021", list: "文章列表", progress: "{0} 的进度",
  askedTitle: "问过什么、没找到什么", span: "时间", days: "最近 {0} 天", exportCsv: "导出 CSV", refused: "没有答案的问题",
  times: "次数", last: "最近一次", others: "其他问法", downTitle: "被评为“不对”的回答", answer: "回答", remark: "说明",
  used: "引用最多的文章", perDay: "每天的提问", missed: "未答", found: "已答", perDaySum: "{0} 天，提问 {1} 次，未答 {2} 次，一天最多 {3} 次", inNumbers: "逐日数字", questions: "提问",  nothing: "没有。", local: "这些记录只保存在这台机器上。",
  signIn: "登录", key: "访问密钥", signInHint: "输入管理员给的密钥，只需一次。",
  "d_navigation": "导航", "d_editor": "编辑署名", "d_caption": "图片说明", "d_legal notice": "版权说明", "d_links": "链接",
  "d_address": "地址", "d_headline list": "标题列表", "d_related articles": "相关文章", "d_repeated": "重复", "d_tag": "标签", "d_damaged": "损坏",
  e_not_found: "没有找到，可能已被删除。", e_too_large: "内容太大。", e_exists: "已有同名文章，请选择替换还是另存。", e_invalid: "填写的内容不对，请检查。",
  e_folder_busy: "正在更新文章，请稍后再试。", e_unavailable: "暂时答不了，请稍后再试；若一直这样，请告诉管理员。", e_overloaded: "现在问的人太多，请稍后再试。", e_forbidden: "需要编辑权限的密钥。",
  e_wrong_key: "密钥不对，或已停用。", e_too_many_requests: "请求太多了，请 {0} 秒后再试。", e_unauthorized: "请先登录。", e_too_long: "问题太长，请缩短。", e_request_timeout: "传得太慢，中断了，请再试一次。",
  e_unsupported_file: "读不了这种文件。可以上传 .txt .md .html .pdf .docx。", e_unreadable_file: "文件读不了，可能已损坏或加了密码。",
  choice: "由语言模型组织语句", choiceHint: "事实仍只取自文章", writing: "找到 {0} 处出处，语言模型正在组织语句",
  by_generative: "语句由语言模型组织，已逐句与文章核对", by_extractive: "直接摘自文章",
  w_llm_unavailable: "语言模型没有回应。", w_llm_language: "语言模型只用于中文提问。",
  w_llm_sentence_rejected_generative: "语言模型写的另一些句子在文章里找不到依据，没有采用。", w_llm_sentence_rejected: "语言模型写的句子在文章里找不到依据，没有采用。",
  w_llm_rewrite_unavailable: "语言模型没有来得及改写问题，按原问题的字面理解。", w_llm_rewrite_rejected: "语言模型改写的问题走了样，没有采用，按原问题的字面理解。",
  w_llm_incomplete: "语言模型没有写完，这里只有已核对的部分。", w_reranker_unavailable: "精细排序暂时用不了，出处可能没有平时准。", w_other: "有一步没有做到（{0}）。",
  e_empty_document: "文件里没有正文。", offline: "连不上服务。请检查网络，或稍后再试。", failed: "服务出错（{0}），请稍后再试。",
};

const EN = {
  name: "Union Q&A", ask: "Ask", question: "Question", placeholder: "Ask a question", skip: "Skip to the question",
  skipMain: "Skip to the content", menu: "Menu", talks: "Conversations", begin: "New conversation", articles: "Articles", asked: "Unanswered",
  other: "中文", dark: "Dark", light: "Light", theme: "Switch to {0}", signOut: "Sign out",
  holdings: "Answers come from the articles kept here, each with its source; what they do not say is said to be missing.",
  has: "{0} articles{1}{2}.", comma: ", ", hasFrom: " from {0}", hasFromMore: " from {0} and others, {1} places", hasNewest: ", the newest of {0}",
  hasNone: "No articles yet. Upload some on the Articles page.", examples: "You may ask", start: "Start",
  waiting: "Searching", stop: "Stop", stopped: "Stopped.", again: "Ask again", edit: "Edit and ask", editOf: "Edit and ask: {0}",
  broken: "The answer broke off and was not kept. Check the network and ask again.", gone: "An article that this answer cites was deleted.",
  none: "No conversations yet", today: "Today", week: "Last seven days", earlier: "Earlier", rename: "Rename", renameOf: "Rename: {0}",
  remove: "Delete", removeOf: "Delete: {0}", removeSure: "Really delete", save: "Save", cancel: "Cancel", newName: "New name",
  sources: "Sources", source: "Source", cite: "Source {0}: {1}", partial: "Only part of it was found", not_found: "Not in the articles",
  related: "Near it, but not the answer", copyFigure: "Copy {0}", copy: "Copy answer and sources", copied: "Copied", notCopied: "Cannot copy; please select it by hand",
  copyTable: "Copy table", saveChart: "Download chart", chart: "Bar chart: {0}", chartOf: "{0}: {1}", up: "Useful", down: "Wrong",
  thanks: "Noted, thank you", comment: "What is wrong (optional)", commentUp: "Anything to say (optional)", remarkOf: "You wrote: {0}", withdraw: "Withdraw the vote", withdrawn: "Withdrawn", send: "Send",
  article: "Article", close: "Close", whole: "Open alone", published: "As published", cleaned: "Clean text", copyQuote: "Copy quote",
  download: "Download source", web: "Web page", file: "File: {0}", inferred: "{0} (inferred)", quoted: "“{0}” ({1})", quotedBy: "({0})",
  search: "Search", searchLabel: "Search articles", region: "Place", from: "From", to: "To", filter: "Filter", clear: "Clear",
  upload: "Upload articles", drop: "Drop files or a folder here, or", choose: "choose files", kinds: ".txt .md .html .pdf .docx, up to 20 MB each",
  skipped: "{0} files of the folder are of another kind and were not read.", tooMany: "No more than {0} files are read at a time; drop the rest later, or have them indexed with unionqa index.",
  noneDropped: "There is no file in it that can be kept.", notDropped: "The folder cannot be read; choose files instead.",
  queue: "To be saved", reading: "Reading", saving: "Saving", saved: "Saved; you may ask about it", saveAll: "Save all", discard: "Discard", discardOf: "Discard: {0}",
  preview: "Preview", sameName: "There is an article of this name", asReplacement: "Replace it", asAnother: "Keep both", keptAs: "another file here has this name; kept as “{0}”", replacing: "Replaces “{0}”", replaceAll: "Replace all of the same name", undecided: "{0} files have the name of an article that is there and were not saved; choose whether to replace it or keep both.", clean: "Clean text", asReceived: "As received (struck out: left out)", title: "Title", date: "Date",
  characters: "{0} characters", correct: "Correct", correctOf: "Correct: {0}", replace: "Replace", replaceOf: "Replace: {0}", replacedOf: "Replaced “{0}”", undoOf: "Undo: {0}", undoing: "Deleted or replaced a moment ago: can be undone",
  deleted: "Deleted “{0}”", undo: "Undo", restored: "Restored", more: "More", noArticles: "No such articles.", toArticles: "See all articles", count: "{0} articles",
  dateForm: "Write dates as 2021-03-05, 2021-03 or 2021", list: "List of articles", progress: "Progress of {0}",
  askedTitle: "What was asked and not found", span: "Period", days: "Last {0} days", exportCsv: "Export CSV", refused: "Questions without an answer",
  times: "Times", last: "Last", others: "Other wordings", downTitle: "Answers voted wrong", answer: "Answer", remark: "Comment",
  used: "Articles cited most", perDay: "Questions a day", missed: "Not answered", found: "Answered", perDaySum: "{0} days, {1} questions, {2} not answered, {3} on the busiest day", inNumbers: "Day by day", questions: "Questions",  nothing: "None.", local: "These records are kept on this machine only.",
  signIn: "Sign in", key: "Access key", signInHint: "Enter the key you were given; once is enough.",
  "d_navigation": "navigation", "d_editor": "editor", "d_caption": "caption", "d_legal notice": "legal notice", "d_links": "links",
  "d_address": "address", "d_headline list": "headline list", "d_related articles": "related articles", "d_repeated": "repeated", "d_tag": "tag", "d_damaged": "damaged",
  e_not_found: "Not found; it may have been deleted.", e_too_large: "Too large.", e_exists: "There is an article of this name; choose whether to replace it or keep both.", e_invalid: "Something filled in is wrong; please check.",
  e_folder_busy: "Articles are being updated; try again soon.", e_unavailable: "No answer can be given just now; try again soon, and tell the administrator if it stays so.", e_overloaded: "Too many people are asking just now; try again soon.", e_forbidden: "This needs an editor's key.",
  e_wrong_key: "The key is wrong or revoked.", e_too_many_requests: "Too many requests; try again in {0} seconds.", e_unauthorized: "Please sign in.", e_too_long: "The question is too long; please shorten it.", e_request_timeout: "Sending took too long and was cut off; please try again.",
  e_unsupported_file: "This kind of file cannot be read. Use .txt .md .html .pdf .docx.", e_unreadable_file: "The file cannot be read; it may be damaged or locked.",
  choice: "Let the language model word it", choiceHint: "facts still come from the articles only", writing: "{0} sources found; the language model is writing",
  by_generative: "Worded by the language model, each sentence checked against the articles", by_extractive: "Taken from the articles as printed",
  w_llm_unavailable: "The language model did not answer.", w_llm_language: "The language model serves Chinese questions only.",
  w_llm_sentence_rejected_generative: "Other sentences of the language model have no ground in the articles and were left out.", w_llm_sentence_rejected: "What the language model wrote has no ground in the articles and was left out.",
  w_llm_rewrite_unavailable: "The language model gave no wording of the question in time; it was taken as it stands.", w_llm_rewrite_rejected: "The language model's wording of the question asked for something else and was left out; it was taken as it stands.",
  w_llm_incomplete: "The language model did not finish; only what was checked is shown.", w_reranker_unavailable: "Fine ranking is out of order; sources may be less exact than usual.", w_other: "One step could not be done ({0}).",
  e_empty_document: "There is no text in the file.", offline: "The service cannot be reached. Check the network, or try later.", failed: "The service failed ({0}); try again later.",
};

export const english = document.documentElement.lang === "en";

export function t(name, ...values) {
  const words = (english ? EN : ZH)[name];
  if (words === undefined) return name;
  return words.replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)] ?? ""));
}

export function has(name) {
  return Object.hasOwn(ZH, name);
}

// Fill what the HTML only names: data-t is the text, data-t-label, -placeholder, -title attributes.
export function fill(root = document) {
  for (const one of root.querySelectorAll("[data-t]")) one.textContent = t(one.dataset.t);
  for (const one of root.querySelectorAll("[data-t-label]")) one.setAttribute("aria-label", t(one.dataset.tLabel));
  for (const one of root.querySelectorAll("[data-t-placeholder]")) one.placeholder = t(one.dataset.tPlaceholder);
}

export function number(value) {
  return value.toLocaleString(english ? "en" : "zh-CN");
}

// What the page remembers in this browser; nothing where storage is closed.
export function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // the choice holds for this page only
  }
}
