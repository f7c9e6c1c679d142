//! Expressions of a bureau's own rules, in the Common Expression Language. The crate `cel` reads them and unfolds its
//! macros; what comes of it is checked here, once, into a tree in which every name is known and every function has its
//! arguments, so that a mistake is told with its line when the rules are loaded and not when the hundredth submission
//! is judged. The tree is evaluated by `check::own`, not by the crate: amounts stay exact decimals, what was not read
//! stays unknown, and every step is counted.

use cel::common::ast::{ComprehensionExpr, Expr as Cel, IdedExpr, LiteralValue, SourceInfo, operators};
use cel::parser::Parser;
use regex::Regex;
use rust_decimal::Decimal;

/// Longest expression, in characters.
const LONGEST: usize = 2_000;
/// Deepest nesting, of the text and of the tree.
const DEEPEST: usize = 60;

/// A checked expression.
#[derive(Clone, Debug)]
pub enum Expression {
    /// `true`, `false`.
    Bool(bool),
    /// A number, exactly as written.
    Number(Decimal),
    /// A text.
    Text(String),
    /// A variable.
    Name(String),
    /// A list.
    List(Vec<Expression>),
    /// `a.name`, `a["name"]`, `a[0]`.
    At(Box<[Expression; 2]>),
    /// A function or an operator with its arguments.
    Call(Function, Vec<Expression>),
    /// `text.matches("…")`.
    Matches(Box<Expression>, Box<Regex>),
    /// A walk over a list: what `all`, `exists`, `filter` and `map` unfold to.
    Fold(Box<Fold>),
}

/// A walk over a list with an accumulator.
#[derive(Clone, Debug)]
pub struct Fold {
    /// The list.
    pub range: Expression,
    /// Name of the element.
    pub item: String,
    /// Name of the accumulator.
    pub sum: String,
    /// Its first value.
    pub first: Expression,
    /// Whether to go on.
    pub go_on: Expression,
    /// Its next value.
    pub next: Expression,
    /// What comes of it.
    pub result: Expression,
}

/// What an expression may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in CEL")]
pub enum Function {
    And,
    Or,
    Not,
    NotFalse,
    If,
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    In,
    Size,
    Contains,
    StartsWith,
    EndsWith,
    /// `sum([…])`
    Sum,
    /// `days(later, earlier)`
    Days,
    /// `year(day)`
    Year,
    /// `abs(number)`
    Abs,
    /// `date("2023-02-28")`
    Date,
}

/// Functions and operators by their names in CEL, and how many arguments they take, the receiver among them.
const FUNCTIONS: &[(&str, Function, usize)] = &[
    (operators::LOGICAL_AND, Function::And, 2),
    (operators::LOGICAL_OR, Function::Or, 2),
    (operators::LOGICAL_NOT, Function::Not, 1),
    (operators::NOT_STRICTLY_FALSE, Function::NotFalse, 1),
    (operators::CONDITIONAL, Function::If, 3),
    (operators::EQUALS, Function::Equal, 2),
    (operators::NOT_EQUALS, Function::Unequal, 2),
    (operators::LESS, Function::Less, 2),
    (operators::LESS_EQUALS, Function::AtMost, 2),
    (operators::GREATER, Function::More, 2),
    (operators::GREATER_EQUALS, Function::AtLeast, 2),
    (operators::ADD, Function::Add, 2),
    (operators::SUBSTRACT, Function::Subtract, 2),
    (operators::MULTIPLY, Function::Multiply, 2),
    (operators::DIVIDE, Function::Divide, 2),
    (operators::NEGATE, Function::Negate, 1),
    (operators::IN, Function::In, 2),
    ("size", Function::Size, 1),
    ("contains", Function::Contains, 2),
    ("startsWith", Function::StartsWith, 2),
    ("endsWith", Function::EndsWith, 2),
    ("sum", Function::Sum, 1),
    ("days", Function::Days, 2),
    ("year", Function::Year, 1),
    ("abs", Function::Abs, 1),
    ("date", Function::Date, 1),
];

/// What is wrong with an expression, and on which of its lines (from 1).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mistake {
    pub(super) line: usize,
    pub(super) why: String,
}

/// Reads and checks an expression that may use `names`.
pub(super) fn compile(text: &str, names: &[&str]) -> Result<Expression, Mistake> {
    let mistake = |line: usize, why: String| Mistake { line, why };
    if text.chars().count() > LONGEST {
        return Err(mistake(1, format!("表达式超过{LONGEST}个字符")));
    }
    let parser = Parser::new().max_recursion_depth(DEEPEST as u16);
    let (read, source) = parser.parse_with_source_info(text).map_err(|e| {
        let first = e.errors.into_iter().next();
        let (line, column, why) = first.map_or((1, 1, String::new()), |e| (e.pos.0, e.pos.1, e.msg));
        let line = usize::try_from(line).unwrap_or(1).max(1);
        mistake(line, format!("CEL 表达式有误（该行第{column}个字符附近）：{why}"))
    })?;
    Checker { source: &source, scope: names.iter().map(|n| (*n).to_owned()).collect(), known: names }
        .check(&read, 0)
}

struct Checker<'a> {
    source: &'a SourceInfo,
    scope: Vec<String>,
    known: &'a [&'a str],
}

impl Checker<'_> {
    fn mistake(&self, at: &IdedExpr, why: String) -> Mistake {
        let start = self.source.offset_for(at.id).map_or(0, |(start, _)| start as usize);
        let line = self.source.source.bytes().take(start).filter(|b| *b == b'\n').count() + 1;
        Mistake { line, why }
    }

    fn check(&mut self, e: &IdedExpr, depth: usize) -> Result<Expression, Mistake> {
        if depth > DEEPEST {
            return Err(self.mistake(e, format!("表达式嵌套超过{DEEPEST}层")));
        }
        let inner = depth + 1;
        match &e.expr {
            Cel::Literal(literal) => self.literal(e, literal),
            Cel::Ident(name) if self.scope.contains(name) => Ok(Expression::Name(name.clone())),
            Cel::Ident(name) => {
                Err(self.mistake(e, format!("没有变量 {name}（可用：{}）", self.known.join("、"))))
            }
            Cel::List(list) => {
                let items: Result<_, _> = list.elements.iter().map(|x| self.check(x, inner)).collect();
                Ok(Expression::List(items?))
            }
            Cel::Select(s) if s.test => {
                Err(self.mistake(e, "不能使用 has()：没有读到不等于没有，读不到时本规则不作结论".into()))
            }
            Cel::Select(s) => {
                let of = self.check(&s.operand, inner)?;
                Ok(Expression::At(Box::new([of, Expression::Text(s.field.clone())])))
            }
            Cel::Call(call) if call.func_name == operators::INDEX => match call.args.as_slice() {
                [of, key] => Ok(Expression::At(Box::new([self.check(of, inner)?, self.check(key, inner)?]))),
                _ => Err(self.mistake(e, "下标有误".into())),
            },
            Cel::Call(call) => {
                let parts: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
                self.call(e, &call.func_name, &parts, inner)
            }
            Cel::Comprehension(c) => self.fold(c, inner),
            Cel::Map(_) | Cel::Struct(_) | Cel::Unspecified => {
                Err(self.mistake(e, "不支持映射和结构".into()))
            }
        }
    }

    fn literal(&self, e: &IdedExpr, literal: &LiteralValue) -> Result<Expression, Mistake> {
        match literal {
            LiteralValue::Boolean(b) => Ok(Expression::Bool(**b)),
            LiteralValue::Int(i) => Ok(Expression::Number(Decimal::from(**i))),
            LiteralValue::UInt(i) => Ok(Expression::Number(Decimal::from(**i))),
            LiteralValue::String(s) => Ok(Expression::Text(s.inner().to_owned())),
            // The shortest text that gives this double is what was written, unless it had more digits than a double.
            LiteralValue::Double(d) => {
                let written = d.inner().to_string();
                let digits = written.chars().filter(char::is_ascii_digit).count();
                match written.parse() {
                    Ok(number) if digits <= 15 => Ok(Expression::Number(number)),
                    _ => Err(self.mistake(e, format!("数字 {written} 位数过多"))),
                }
            }
            LiteralValue::Bytes(_) | LiteralValue::Null => {
                Err(self.mistake(e, "不支持 null 和字节串".into()))
            }
        }
    }

    fn call(
        &mut self,
        e: &IdedExpr,
        name: &str,
        parts: &[&IdedExpr],
        depth: usize,
    ) -> Result<Expression, Mistake> {
        if name == "matches" {
            return self.matches(e, parts, depth);
        }
        let Some((_, function, count)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
            let known: Vec<&str> =
                FUNCTIONS.iter().map(|f| f.0).filter(|n| n.chars().all(char::is_alphabetic)).collect();
            let why = format!(
                "没有函数 {name}（可用：{}、matches、all、exists、exists_one、filter、map）",
                known.join("、")
            );
            return Err(self.mistake(e, why));
        };
        if parts.len() != *count {
            return Err(self.mistake(e, format!("函数 {name} 需要{count}个参数，这里有{}个", parts.len())));
        }
        let args: Result<_, _> = parts.iter().map(|p| self.check(p, depth)).collect();
        Ok(Expression::Call(*function, args?))
    }

    fn matches(&mut self, e: &IdedExpr, parts: &[&IdedExpr], depth: usize) -> Result<Expression, Mistake> {
        let [of, pattern] = parts else {
            return Err(self.mistake(e, "matches 需要一个正则表达式".into()));
        };
        let Expression::Text(pattern) = self.check(pattern, depth)? else {
            return Err(self.mistake(e, "matches 的正则表达式应直接写成文字".into()));
        };
        let pattern = regex::RegexBuilder::new(&pattern)
            .size_limit(1 << 20)
            .build()
            .map_err(|why| self.mistake(e, format!("正则表达式有误：{why}")))?;
        Ok(Expression::Matches(Box::new(self.check(of, depth)?), Box::new(pattern)))
    }

    fn fold(&mut self, c: &ComprehensionExpr, depth: usize) -> Result<Expression, Mistake> {
        let range = self.check(&c.iter_range, depth)?;
        let first = self.check(&c.accu_init, depth)?;
        let outside = self.scope.len();
        self.scope.extend([c.iter_var.clone(), c.accu_var.clone()]);
        let inside = [&c.loop_cond, &c.loop_step, &c.result].map(|e| self.check(e, depth));
        self.scope.truncate(outside);
        let [go_on, next, result] = inside;
        Ok(Expression::Fold(Box::new(Fold {
            range,
            item: c.iter_var.clone(),
            sum: c.accu_var.clone(),
            first,
            go_on: go_on?,
            next: next?,
            result: result?,
        })))
    }
}

impl Expression {
    /// Whether a variable is used anywhere in it.
    pub fn uses(&self, name: &str) -> bool {
        matches!(self, Expression::Name(n) if n == name) || self.parts().iter().any(|p| p.uses(name))
    }

    /// Whether one of these names is taken from anything, or a name that is not written out.
    pub fn selects(&self, names: &[&str]) -> bool {
        let here = match self {
            Expression::At(parts) => match &parts[1] {
                Expression::Text(name) => names.contains(&name.as_str()),
                Expression::Number(_) => false,
                _ => true,
            },
            _ => false,
        };
        here || self.parts().iter().any(|p| p.selects(names))
    }

    fn parts(&self) -> Vec<&Expression> {
        match self {
            Expression::Name(_) | Expression::Bool(_) | Expression::Number(_) | Expression::Text(_) => {
                Vec::new()
            }
            Expression::List(parts) | Expression::Call(_, parts) => parts.iter().collect(),
            Expression::At(parts) => parts.iter().collect(),
            Expression::Matches(of, _) => vec![of],
            Expression::Fold(f) => vec![&f.range, &f.first, &f.go_on, &f.next, &f.result],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> Mistake {
        compile(text, &["form", "documents"]).expect_err("must not compile")
    }

    #[test]
    fn numbers_stay_as_they_were_written() {
        let number = |text: &str| match compile(text, &[]) {
            Ok(Expression::Number(n)) => n.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(number("0.1"), "0.1");
        assert_eq!(number("123456789.01"), "123456789.01");
        assert!(wrong("1.2345678901234567890").why.contains("位数"));
    }

    #[test]
    fn mistakes_have_their_line() {
        assert_eq!(wrong("form['a'] == 1 &&\n nobody > 2").line, 2);
        assert!(wrong("form['a'] == 1 &&\n nobody > 2").why.contains("nobody"));
        assert_eq!(wrong("1 ==\n2 +* 3").line, 2);
        // Chinese before the mistake, lines after it.
        assert_eq!(wrong("form['封面.企业名称'] == '甲' &&\nnobody > 2\n&& true\n").line, 2);
        assert_eq!(wrong("form['封面.企业名称'] == '甲乙丙丁' &&\n2 +* 3\n&& true\n").line, 2);
        assert!(wrong("now() > 1").why.contains("now"));
        assert!(wrong("size()").why.contains("参数"));
        assert!(wrong("'中文' == 'a' ||\n\n 'x'.matches('(')").line == 3);
        assert!(wrong("has(form.a)").why.contains("没有读到"));
        assert!(wrong("documents.exists(d, d.kind == 'a') && d.kind == 'b'").why.contains("变量 d"));
        assert!(wrong("{'a': 1}['a'] == 1").why.contains("映射"));
    }

    #[test]
    fn what_is_too_large_is_refused() {
        assert!(wrong(&"a".repeat(LONGEST + 1)).why.contains("字符"));
        for text in [
            format!("{}1{}", "(".repeat(900), ")".repeat(900)),
            "[".repeat(1_999),
            format!("{}true", "!".repeat(1_900)),
            format!("form{}", ".a".repeat(900)),
            format!("1{}", "+1".repeat(900)),
            format!("true{}", "?true:true".repeat(190)),
        ] {
            // Either is fine; what matters is that nothing overflows.
            let _ = compile(&text, &["form"]);
        }
        assert!(compile(&format!("form{}", ".a".repeat(900)), &["form"]).is_err());
    }
}
