//! Tick boxes that are drawn: small squares with or without a mark in them.

use super::device::Collector;
use super::marks::Glyph;
use crate::model::{BBox, Confidence, TickBox};
use crate::read::layout::Ruling;

/// Tells tick boxes from the squares of a grid. The squares of grids are put back among the rulings.
pub(super) fn ticks(collector: &mut Collector<'_, '_>, glyphs: &[Glyph]) -> Vec<TickBox> {
    let mut squares: Vec<BBox> = collector.squares.iter().map(|s| s.bbox).collect();
    squares.dedup_by(|a, b| (a.x0 - b.x0).abs() < 0.6 && (a.y0 - b.y0).abs() < 0.6);
    let mut ticks: Vec<TickBox> = Vec::new();
    for (i, square) in squares.iter().enumerate() {
        // Squares side by side are places for digits, and a square that meets lines is a cell.
        let neighbour = squares.iter().enumerate().any(|(j, other)| j != i && adjoin(square, other));
        let meets = collector.rulings.iter().any(|r| touches(square, r));
        if neighbour || meets || squares.len() > 400 {
            let (x0, y0, x1, y1) = (square.x0, square.y0, square.x1, square.y1);
            collector.rulings.extend([
                Ruling { x0, y0, x1, y1: y0 },
                Ruling { x0, y0: y1, x1, y1 },
                Ruling { x0, y0, x1: x0, y1 },
                Ruling { x0: x1, y0, x1, y1 },
            ]);
            continue;
        }
        let ticked = is_marked(square, collector, glyphs);
        ticks.push(TickBox { bbox: *square, ticked, confidence: Confidence(950) });
    }
    ticks
}

fn adjoin(a: &BBox, b: &BBox) -> bool {
    let beside = a.shared_height(*b) > 0.7 * a.height() && a.shared_width(*b).abs() < 1.5;
    let below = a.shared_width(*b) > 0.7 * a.width() && a.shared_height(*b).abs() < 1.5;
    beside || below
}

fn touches(square: &BBox, r: &Ruling) -> bool {
    let line = BBox::new(r.x0.min(r.x1), r.y0.min(r.y1), r.x0.max(r.x1), r.y0.max(r.y1));
    let long = line.width().max(line.height()) > 1.3 * square.width();
    long && line.shared_width(*square) > -0.8 && line.shared_height(*square) > -0.8
}

fn is_marked(square: &BBox, collector: &Collector<'_, '_>, glyphs: &[Glyph]) -> bool {
    let inside = |b: BBox| square.contains(b.mid_x(), b.mid_y());
    let grown = BBox::new(square.x0 - 2.0, square.y0 - 4.0, square.x1 + 4.0, square.y1 + 2.0);
    let glyph = glyphs.iter().any(|g| {
        let mark = matches!(
            g.ch,
            '√' | '✓' | '✔' | '☑' | '×' | '✗' | '✘' | '☒' | 'x' | 'X' | 'v' | 'V' | '■' | '●' | '/'
        );
        mark && inside(g.bbox())
    });
    let stroke = collector.strokes.iter().any(|s| {
        grown.contains(s.mid_x(), s.mid_y())
            && s.width() > 0.3 * square.width()
            && s.width() < 2.5 * square.width()
    });
    let filled = collector.fills.iter().any(|f| {
        !f.white
            && !f.picture
            && inside(f.bbox)
            && f.bbox.width() > 0.4 * square.width()
            && f.bbox.width() <= 1.2 * square.width()
    });
    glyph || stroke || filled
}
