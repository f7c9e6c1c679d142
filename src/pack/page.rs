//! Rule pages: `rules/checks/<CODE>.md`, one page a rule, with cases that run as tests.

/// A page about a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RulePage {
    /// Code, the file's stem.
    pub code: String,
    /// The Markdown as it stands.
    pub text: String,
}

/// A case of a rule page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageCase {
    /// `fires`, `silent` or `unverifiable`.
    pub expect: String,
    /// Line of the fence, from 1.
    pub line: usize,
    /// The TOML.
    pub text: String,
}

impl RulePage {
    /// The page without its cases, for `hecha explain`.
    pub fn explanation(&self) -> String {
        let end = self.text.find("\n## 用例").unwrap_or(self.text.len());
        self.text[..end].trim_end().to_owned()
    }

    /// The text below the heading `## title`, if there is one.
    pub fn section(&self, title: &str) -> Option<String> {
        let mut inside = false;
        let mut out = Vec::new();
        for line in self.text.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                if inside {
                    break;
                }
                inside = heading.trim() == title;
            } else if inside {
                out.push(line);
            }
        }
        inside.then(|| out.join("\n").trim().to_owned())
    }

    /// The cases of the page: fenced blocks whose info string is `toml` and an expectation.
    pub fn cases(&self) -> Vec<PageCase> {
        let mut out = Vec::new();
        let mut open: Option<PageCase> = None;
        for (i, line) in self.text.lines().enumerate() {
            match &mut open {
                None => {
                    if let Some(expect) = line.strip_prefix("```toml ") {
                        open =
                            Some(PageCase { expect: expect.trim().into(), line: i + 1, text: String::new() });
                    }
                }
                Some(_) if line.trim_end() == "```" => out.extend(open.take()),
                Some(case) => {
                    case.text.push_str(line);
                    case.text.push('\n');
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_cases() {
        let page = RulePage {
            code: "X".into(),
            text: "# X\n\n## 含义\n一。\n\n## 用例\n\n```toml fires\na = 1\n```\n```toml silent\n```\n"
                .into(),
        };
        assert_eq!(page.section("含义").as_deref(), Some("一。"));
        assert_eq!(page.section("无"), None);
        let cases = page.cases();
        assert_eq!(cases.len(), 2);
        assert_eq!(
            (cases[0].expect.as_str(), cases[0].line, cases[0].text.as_str()),
            ("fires", 8, "a = 1\n")
        );
        assert!(!page.explanation().contains("用例"));
    }
}
