//! Evaluates a checked expression. Three-valued as the findings are: what was not read is neither true nor false, and
//! only a condition that holds whatever stands there comes out true. Every step is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::facts::{Facts, Key};
use super::value::{Datum, Trouble};
use crate::model::Value;
use crate::pack::expression::{Expression, Fold, Function};
use crate::text::date::parse_month;

/// Longest text and list that may arise.
const LONGEST: usize = 100_000;

/// An evaluation.
pub(super) struct Eval<'a> {
    pub(super) facts: &'a Facts,
    /// Steps left.
    pub(super) budget: &'a AtomicI64,
    /// Fields to be taken for other values.
    pub(super) changed: &'a [(Key, Option<Value>)],
    /// The fields on which the result rests, in the order of their use.
    pub(super) used: Vec<Key>,
    scope: Vec<(String, Result<Datum, Trouble>)>,
}

type Got = Result<Datum, Trouble>;

impl<'a> Eval<'a> {
    /// `target` is the row or document a rule is applied to.
    pub(super) fn new(facts: &'a Facts, budget: &'a AtomicI64, target: Option<(&str, usize)>) -> Self {
        let scope = target.map(|(name, thing)| (name.to_owned(), Ok(Datum::Thing(thing)))).into_iter();
        Self { facts, budget, changed: &[], used: Vec::new(), scope: scope.collect() }
    }

    fn spend(&self, steps: usize) -> Result<(), Trouble> {
        let steps = i64::try_from(steps).unwrap_or(i64::MAX);
        let left = self.budget.fetch_sub(steps, Relaxed);
        if left < steps { Err(Trouble::Budget) } else { Ok(()) }
    }

    pub(super) fn value(&mut self, e: &Expression) -> Got {
        self.spend(1)?;
        match e {
            Expression::Bool(b) => Ok(Datum::Bool(*b)),
            Expression::Number(n) => Ok(Datum::Number(*n)),
            Expression::Text(t) => Ok(Datum::text(t)),
            Expression::Name(name) => match self.scope.iter().rev().find(|s| s.0 == *name) {
                Some((_, value)) => value.clone(),
                None => self
                    .facts
                    .names
                    .get(name.as_str())
                    .cloned()
                    .ok_or_else(|| Trouble::Unfit(format!("没有变量 {name}"))),
            },
            Expression::List(parts) => {
                let parts: Result<Vec<_>, _> = parts.iter().map(|p| self.value(p)).collect();
                Ok(Datum::List(Arc::new(parts?)))
            }
            Expression::At(parts) => {
                let of = self.value(&parts[0])?;
                let key = self.value(&parts[1])?;
                self.at(&of, &key)
            }
            Expression::Matches(of, pattern) => {
                let of = self.value(of)?;
                self.spend(of.size())?;
                Ok(Datum::Bool(pattern.is_match(of.str()?)))
            }
            Expression::Call(function, args) => self.call(*function, args),
            Expression::Fold(fold) => self.fold(fold),
        }
    }

    fn at(&mut self, of: &Datum, key: &Datum) -> Got {
        match of {
            Datum::List(list) => {
                let index = key.number()?;
                let index = usize::try_from(index).ok().filter(|_| index.fract().is_zero());
                index
                    .and_then(|i| list.get(i))
                    .cloned()
                    .ok_or_else(|| Trouble::Absent(format!("列表没有第{}项", key.show())))
            }
            Datum::Fields(thing) => self.field(*thing, key.str()?),
            Datum::Thing(index) => {
                let name = key.str()?;
                let thing = &self.facts.things[*index];
                if let Some((value, rests)) = thing.known.get(name) {
                    // What was worked out from other readings cannot be worked out anew here.
                    if let Some(key) = rests.iter().find(|key| self.is_changed(key)) {
                        return Err(Trouble::Doubtful(key.clone()));
                    }
                    self.used.extend(rests.iter().cloned());
                    return value.clone();
                }
                match (thing.plain, name) {
                    (false, "fields") => Ok(Datum::Fields(*index)),
                    (true, _) => self.field(*index, name),
                    (false, _) => {
                        let known: Vec<&str> = thing.known.keys().copied().collect();
                        Err(Trouble::Unfit(format!("没有 .{name}（有：{}、fields）", known.join("、"))))
                    }
                }
            }
            other => Err(other.unfit("材料")),
        }
    }

    fn field(&mut self, thing: usize, name: &str) -> Got {
        let key = Key { thing, field: name.into() };
        let value = match self.changed.iter().find(|(changed, _)| *changed == key) {
            Some((_, Some(value))) => Ok(Datum::from(value)),
            Some((_, None)) => Err(Trouble::Doubtful(key.clone())),
            None => self.facts.read(&key),
        };
        if value.is_ok() {
            self.used.push(key);
        }
        value
    }

    fn is_changed(&self, key: &Key) -> bool {
        let Some((_, new)) = self.changed.iter().find(|(changed, _)| changed == key) else { return false };
        match (new, self.facts.read(key)) {
            (Some(new), Ok(old)) => Datum::from(new).same(&old) != Ok(true),
            _ => true,
        }
    }

    fn call(&mut self, function: Function, args: &[Expression]) -> Got {
        match (function, args) {
            (Function::And, [a, b]) => self.either(a, b, false),
            (Function::Or, [a, b]) => self.either(a, b, true),
            (Function::NotFalse, [a]) => match self.value(a) {
                Err(Trouble::Budget) => Err(Trouble::Budget),
                Err(_) => Ok(Datum::Bool(true)),
                Ok(value) => Ok(Datum::Bool(value.bool().unwrap_or(true))),
            },
            (Function::If, [cond, yes, no]) => {
                let branch = if self.value(cond)?.bool()? { yes } else { no };
                self.value(branch)
            }
            (_, [a]) => {
                let a = self.value(a)?;
                self.spend(a.size())?;
                one(function, &a)
            }
            (_, [a, b]) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                self.spend(a.size() + b.size())?;
                two(function, &a, &b)
            }
            _ => Err(Trouble::Unfit("参数个数有误".into())),
        }
    }

    /// `&&` (decided by false) and `||` (decided by true): one side may decide whatever the other is, and the result
    /// then rests on that side alone.
    fn either(&mut self, a: &Expression, b: &Expression, decided: bool) -> Got {
        let start = self.used.len();
        let left = self.value(a).and_then(|v| v.bool());
        match left {
            Ok(v) if v == decided => return Ok(Datum::Bool(v)),
            Err(Trouble::Budget) => return Err(Trouble::Budget),
            _ => {}
        }
        let middle = self.used.len();
        let right = self.value(b).and_then(|v| v.bool());
        match (left, right) {
            (_, Ok(v)) if v == decided => {
                self.used.drain(start..middle);
                Ok(Datum::Bool(v))
            }
            (Ok(_), Ok(v)) => Ok(Datum::Bool(v)),
            (Err(a), Err(b)) => Err(a.or(b)),
            (Err(a), Ok(_)) => Err(a),
            (Ok(_), Err(b)) => Err(b),
        }
    }

    fn fold(&mut self, fold: &Fold) -> Got {
        let range = self.value(&fold.range)?;
        let list = Arc::clone(range.list()?);
        let start = self.used.len();
        let mut sum = self.value(&fold.first);
        for item in list.iter() {
            let before = self.used.len();
            let outside = self.scope.len();
            let was = sum.as_ref().ok().and_then(|s| s.bool().ok());
            self.scope.push((fold.item.clone(), Ok(item.clone())));
            self.scope.push((fold.sum.clone(), sum));
            let go_on = self.value(&fold.go_on).and_then(|v| v.bool());
            let next = if go_on == Ok(true) { Some(self.value(&fold.next)) } else { None };
            let kept = self.scope.swap_remove(outside + 1).1;
            self.scope.truncate(outside);
            match (go_on, next) {
                (Err(trouble), _) => return Err(trouble),
                (Ok(_), None) => {
                    sum = kept;
                    break;
                }
                (Ok(_), Some(next)) => sum = next,
            }
            if matches!(sum, Err(Trouble::Budget)) {
                return Err(Trouble::Budget);
            }
            // One element decides `exists` and `all`: what was seen before it no longer matters.
            let is = sum.as_ref().ok().and_then(|s| s.bool().ok());
            if was.is_some() && is.is_some() && was != is {
                self.used.drain(start..before);
            }
        }
        self.scope.push((fold.sum.clone(), sum));
        let result = self.value(&fold.result);
        self.scope.pop();
        result
    }
}

fn one(function: Function, a: &Datum) -> Got {
    Ok(match function {
        Function::Not => Datum::Bool(!a.bool()?),
        Function::Negate | Function::Abs => {
            let n = a.number()?;
            like(a, if function == Function::Abs { n.abs() } else { -n })
        }
        Function::Size => Datum::Number(match a {
            Datum::Text(t) => t.chars().count().into(),
            other => other.list()?.len().into(),
        }),
        Function::Sum => {
            let list = a.list()?;
            let mut sum = Decimal::ZERO;
            for part in list.iter() {
                sum = sum.checked_add(part.number()?).ok_or_else(overflow)?;
            }
            if list.iter().any(|p| matches!(p, Datum::Money(_))) {
                Datum::Money(sum)
            } else {
                Datum::Number(sum)
            }
        }
        Function::Year => match a {
            Datum::Day(d) => Datum::Number(d.year().into()),
            Datum::Month(m) => Datum::Number(m.year.into()),
            other => return Err(other.unfit("日期")),
        },
        Function::Date => {
            let text = a.str()?;
            match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
                Ok(day) => Datum::Day(day),
                Err(_) => parse_month(text).map(Datum::Month).ok_or_else(|| a.unfit("日期"))?,
            }
        }
        _ => return Err(Trouble::Unfit("参数个数有误".into())),
    })
}

fn two(function: Function, a: &Datum, b: &Datum) -> Got {
    use std::cmp::Ordering::{Equal, Greater, Less};
    Ok(match function {
        Function::Equal => Datum::Bool(a.same(b)?),
        Function::Unequal => Datum::Bool(!a.same(b)?),
        Function::Less => Datum::Bool(a.order(b)? == Less),
        Function::AtMost => Datum::Bool(matches!(a.order(b)?, Less | Equal)),
        Function::More => Datum::Bool(a.order(b)? == Greater),
        Function::AtLeast => Datum::Bool(matches!(a.order(b)?, Greater | Equal)),
        Function::Add => return add(a, b),
        Function::Subtract | Function::Multiply | Function::Divide => return arithmetic(function, a, b),
        Function::In => {
            let list = b.list()?;
            Datum::Bool(list.iter().try_fold(false, |found, x| Ok::<_, Trouble>(found || x.same(a)?))?)
        }
        Function::Contains => Datum::Bool(a.str()?.contains(b.str()?)),
        Function::StartsWith => Datum::Bool(a.str()?.starts_with(b.str()?)),
        Function::EndsWith => Datum::Bool(a.str()?.ends_with(b.str()?)),
        Function::Days => Datum::Number((a.day()? - b.day()?).num_days().into()),
        _ => return Err(Trouble::Unfit("参数个数有误".into())),
    })
}

fn add(a: &Datum, b: &Datum) -> Got {
    match (a, b) {
        (Datum::Text(x), Datum::Text(y)) if x.len() + y.len() <= LONGEST => {
            Ok(Datum::Text(Arc::from(format!("{x}{y}"))))
        }
        (Datum::List(x), Datum::List(y)) if x.len() + y.len() <= LONGEST => {
            Ok(Datum::List(Arc::new(x.iter().chain(y.iter()).cloned().collect())))
        }
        (Datum::Text(_), Datum::Text(_)) | (Datum::List(_), Datum::List(_)) => Err(Trouble::Budget),
        _ => arithmetic(Function::Add, a, b),
    }
}

/// An amount and a plain number may be added: plain numbers stand for 元.
fn arithmetic(function: Function, a: &Datum, b: &Datum) -> Got {
    let (x, y) = (a.number()?, b.number()?);
    let result = match function {
        Function::Add => x.checked_add(y),
        Function::Subtract => x.checked_sub(y),
        Function::Multiply => x.checked_mul(y),
        _ if y.is_zero() => return Err(Trouble::Unfit("除数为零".into())),
        _ => x.checked_div(y),
    };
    let result = result.ok_or_else(overflow)?;
    let money = |d: &Datum| matches!(d, Datum::Money(_));
    Ok(match function {
        Function::Divide if money(b) => Datum::Number(result),
        _ if money(a) || money(b) => Datum::Money(result),
        _ => Datum::Number(result),
    })
}

fn like(a: &Datum, number: Decimal) -> Datum {
    if matches!(a, Datum::Money(_)) { Datum::Money(number) } else { Datum::Number(number) }
}

fn overflow() -> Trouble {
    Trouble::Unfit("数字过大".into())
}
