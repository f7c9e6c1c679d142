//! The report's one style sheet; its hash is in the content-security policy.

/// Plain CSS, no images, no fonts from outside.
pub(super) const CSS: &str = r#"
:root { --ink:#1d2733; --soft:#5b6876; --line:#d9dfe6; --paper:#fff; --ground:#f3f5f8;
  --critical:#b3131b; --major:#c75b00; --minor:#8a6d00; --notice:#3a6ea5; --ok:#1f7a45; --doubt:#6b5b95; }
* { box-sizing:border-box; }
body { margin:0; background:var(--ground); color:var(--ink); line-height:1.65; font-size:15px;
  font-family:"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC","WenQuanYi Zen Hei",sans-serif; }
main { max-width:1120px; margin:0 auto; padding:28px 24px 80px; }
header.top { border-bottom:3px solid var(--ink); padding-bottom:14px; margin-bottom:22px; }
h1 { font-size:26px; margin:0 0 6px; letter-spacing:.02em; }
h2 { font-size:21px; margin:44px 0 12px; padding-top:10px; border-top:2px solid var(--ink); }
h3 { font-size:16.5px; margin:26px 0 10px; }
p { margin:6px 0; }
a { color:inherit; }
.soft { color:var(--soft); font-size:13px; }
.note { background:#eef2f7; border-left:4px solid var(--notice); padding:8px 14px; margin:12px 0; font-size:14px; }
table { border-collapse:collapse; width:100%; background:var(--paper); font-size:13.5px; }
th,td { border:1px solid var(--line); padding:6px 9px; text-align:left; vertical-align:top; overflow-wrap:anywhere; }
th { background:#e9edf2; font-weight:600; white-space:nowrap; }
td.n,th.n { text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap; }
td.c,th.c { text-align:center; white-space:nowrap; }
tr.chain td { background:#fafbfc; color:var(--soft); font-size:12.5px; }
.badge { display:inline-block; padding:1px 9px; border-radius:3px; color:#fff; font-size:12.5px; white-space:nowrap; }
.critical { background:var(--critical); } .major { background:var(--major); } .minor { background:var(--minor); }
.notice { background:var(--notice); } .ok { background:var(--ok); } .doubt { background:var(--doubt); }
.tiles { display:flex; flex-wrap:wrap; gap:12px; margin:16px 0 20px; }
.tile { background:var(--paper); border:1px solid var(--line); border-radius:5px; padding:10px 18px; min-width:130px; }
.tile b { display:block; font-size:22px; font-variant-numeric:tabular-nums; }
.card { background:var(--paper); border:1px solid var(--line); border-left:6px solid var(--soft); border-radius:4px;
  padding:12px 18px 14px; margin:14px 0; break-inside:avoid; }
.card.is-critical { border-left-color:var(--critical); } .card.is-major { border-left-color:var(--major); }
.card.is-minor { border-left-color:var(--minor); } .card.is-notice { border-left-color:var(--notice); }
.card.is-doubt { border-left-color:var(--doubt); }
.card h4 { margin:0 0 6px; font-size:16px; }
.card .code { color:var(--soft); font-size:12.5px; font-weight:400; margin-left:8px; }
.money { font-weight:600; font-variant-numeric:tabular-nums; }
.exhibits { display:flex; flex-wrap:wrap; gap:14px; margin-top:10px; }
figure { margin:0; max-width:100%; }
figure img { max-width:100%; height:auto; border:1px solid var(--line); display:block; background:#fff; }
figcaption { font-size:12.5px; color:var(--soft); margin-top:3px; }
.excerpt { border:1px solid var(--line); background:#fff; padding:6px 10px; font-size:13px; }
.excerpt span { border-right:1px solid var(--line); padding:0 8px; }
.excerpt mark { background:#ffe9e9; outline:2px solid #d62828; padding:0 4px; }
ul.plain { margin:6px 0; padding-left:20px; }
details { margin:8px 0; } summary { cursor:pointer; color:var(--soft); }
footer { margin-top:50px; color:var(--soft); font-size:12.5px; border-top:1px solid var(--line); padding-top:10px; }
@media print { body { background:#fff; font-size:11pt; } main { max-width:none; padding:0; }
  h2 { break-before:page; } section.overview h2 { break-before:auto; } h3,h4 { break-after:avoid; } tr { break-inside:avoid; }
  .card { box-shadow:none; } * { -webkit-print-color-adjust:exact; print-color-adjust:exact; } @page { size:A4; margin:14mm; } }
"#;
