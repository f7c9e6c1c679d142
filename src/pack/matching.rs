//! How rows of the list are matched with papers: likenesses and days.

use std::collections::BTreeMap;

use toml::Spanned;

/// As a notice writes it, each by itself.
pub(super) type Raw = BTreeMap<Spanned<String>, Spanned<u16>>;

/// How rows of the list are matched with papers. Shares in per cent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matching {
    /// Likeness from which two goods' names mean the same.
    goods: u8,
    /// Likeness from which two goods' names may mean the same, by the words they share.
    kindred: u8,
    /// Likeness from which a contract's title and the row's name of it are nearly the same.
    title: u8,
    /// Likeness from which they have something in common.
    title_part: u8,
    /// Likeness below which a title of four characters and more names another contract.
    title_other: u8,
    /// Likeness from which a row's item is a line of a contract.
    line: u8,
    /// Days before its contract from which a paper is rather another contract's, if it fits another (`domain.md` P3).
    pub early_days: u16,
}

impl Default for Matching {
    fn default() -> Self {
        Self { goods: 60, kindred: 40, title: 85, title_part: 65, title_other: 50, line: 80, early_days: 90 }
    }
}

impl Matching {
    /// Takes over what a notice says; what it does not say stays. An error has the place in the file.
    pub(super) fn apply(&mut self, raw: Raw) -> Result<(), (usize, String)> {
        for (key, value) in raw {
            self.set(key.get_ref(), *value.get_ref()).map_err(|why| (key.span().start, why))?;
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: u16) -> Result<(), String> {
        let share =
            || u8::try_from(value).ok().filter(|v| *v <= 100).ok_or(format!("{name} 应在 0 与 100 之间"));
        match name {
            "goods" => self.goods = share()?,
            "kindred" => self.kindred = share()?,
            "title" => self.title = share()?,
            "title_part" => self.title_part = share()?,
            "title_other" => self.title_other = share()?,
            "line" => self.line = share()?,
            "early_days" => self.early_days = value,
            _ => {
                let known = "goods、kindred、title、title_part、title_other、line、early_days";
                return Err(format!("matching 没有参数 {name}（有：{known}）"));
            }
        }
        Ok(())
    }

    /// Likeness from which two goods' names mean the same, as a share.
    pub fn goods(&self) -> f32 {
        f32::from(self.goods) / 100.0
    }

    /// Likeness from which they may mean the same, as a share.
    pub fn kindred(&self) -> f32 {
        f32::from(self.kindred) / 100.0
    }

    /// Likeness from which a contract is nearly the one the row names, as a share.
    pub fn title(&self) -> f32 {
        f32::from(self.title) / 100.0
    }

    /// Likeness below which it is another, as a share.
    pub fn title_other(&self) -> f32 {
        f32::from(self.title_other) / 100.0
    }

    /// Likeness from which a row's item is a line of a contract, as a share.
    pub fn line(&self) -> f32 {
        f32::from(self.line) / 100.0
    }

    /// Likeness from which it may be, as a share.
    pub fn title_part(&self) -> f32 {
        f32::from(self.title_part) / 100.0
    }
}
