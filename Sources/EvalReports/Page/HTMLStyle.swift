// How the page looks: one style sheet for light and dark, phone and desk, screen and paper. It names no font and no file
// that a reader's machine would have to fetch, and no element has a style of its own, so that the page's policy can name
// this sheet by its digest.

internal import EvalJSON
internal import Foundation

/// The style sheet of the page.
enum HTMLStyle {
    /// The digest by which the page's Content-Security-Policy allows the sheet, and nothing else.
    static let source = "'sha256-\(Data(Digest(of: sheet.utf8).bytes).base64EncodedString())'"

    /// The sheet.
    static let sheet = colors + layout + tables + charts + rows + narrow + paper

    private static let colors = """
        :root{color-scheme:light dark;--paper:#fff;--raised:#f6f7f8;--ink:#1b1d20;--soft:#5b6168;--hair:#dfe2e5;
        --accent:#2459a9;--tint:#c9d8ee;--good:#1b6b3f;--good-tint:#e3f1e8;--bad:#a3281d;--bad-tint:#fae7e4;
        --warn:#7d5300;--warn-tint:#f8edd6;--band:#ecd9ab}
        @media(prefers-color-scheme:dark){:root{--paper:#141619;--raised:#1c1f23;--ink:#e7e9eb;--soft:#a2a9b1;
        --hair:#30353b;--accent:#8fb6f5;--tint:#2c4263;--good:#7fd3a0;--good-tint:#17301f;--bad:#ff9c90;
        --bad-tint:#3a1b18;--warn:#efc069;--warn-tint:#33280f;--band:#54431c}}

        """

    private static let layout = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",
        Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
        main,header,footer{max-width:68rem;margin:0 auto;padding:0 clamp(1rem,4vw,3rem)}
        header{padding-top:2.5rem}
        h1{margin:.1rem 0 .4rem;font-size:2rem;line-height:1.15;font-weight:650;letter-spacing:-.022em;
        overflow-wrap:anywhere}
        h2{margin:0 0 1rem;font-size:1.15rem;font-weight:620;letter-spacing:-.01em}
        h3{margin:0;font-size:1rem;font-weight:620;overflow-wrap:anywhere}
        h4{margin:0 0 .25rem;font-size:.8rem;font-weight:550;color:var(--soft)}
        p{margin:.25rem 0}
        .soft{color:var(--soft)}
        .small{font-size:.85rem}
        .eyebrow{margin:0;color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}
        section{padding:2rem 0 .5rem;margin-top:1.5rem;border-top:1px solid var(--hair)}
        nav{margin-top:1rem}
        nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:0;padding:0;list-style:none}
        a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:3px}
        a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--accent);
        outline-offset:3px;border-radius:3px}
        .badge{display:inline-block;padding:.08rem .55rem;border-radius:1rem;font-size:.82rem;font-weight:600;
        white-space:nowrap;background:var(--raised);color:var(--soft)}
        .badge.good{background:var(--good-tint);color:var(--good)}
        .badge.bad{background:var(--bad-tint);color:var(--bad)}
        .badge.warn{background:var(--warn-tint);color:var(--warn)}
        .verdict{margin:.8rem 0 0}
        .verdict .badge{font-size:.95rem;padding:.25rem .85rem;white-space:normal}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1.2rem 1.6rem;
        margin:1.6rem 0 0}
        .figures div{border-top:2px solid var(--ink);padding-top:.45rem}
        .figures dt{color:var(--soft);font-size:.82rem}
        .figures dd{margin:0;font-size:1.5rem;line-height:1.25;font-weight:600;letter-spacing:-.015em}
        .figures dd small{display:block;font-size:.8rem;font-weight:400;letter-spacing:0;color:var(--soft)}
        .notes{margin:1.4rem 0 0;padding:.7rem 1rem;background:var(--warn-tint);border-radius:6px;list-style:none}
        .notes li{overflow-wrap:anywhere}
        code,pre,.mono{font-family:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
        font-size:.875em}
        code{overflow-wrap:anywhere}
        details>summary{cursor:pointer;color:var(--accent);width:fit-content}
        footer{margin-top:2.5rem;padding-bottom:3rem;color:var(--soft);font-size:.82rem}
        .origin{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.5rem;margin:0 0 1rem}
        .origin dt{color:var(--soft)}
        .origin dd{margin:0;overflow-wrap:anywhere}

        """

    private static let tables = """
        table{border-collapse:collapse;width:100%;margin:0}
        th,td{text-align:start;vertical-align:top;padding:.5rem 1rem .5rem 0;border-bottom:1px solid var(--hair)}
        thead th{padding-top:0;font-size:.8rem;font-weight:550;color:var(--soft);white-space:nowrap}
        th:last-child,td:last-child{padding-inline-end:0}
        tbody th{font-weight:500;overflow-wrap:anywhere;min-width:4.5rem}
        tbody tr:last-child>*{border-bottom:0}
        td.number,th.number{text-align:end;white-space:nowrap}
        td.value{font-weight:600}
        td.wide{overflow-wrap:anywhere}
        td.plot{width:34%;min-width:7rem;padding-top:.45rem;padding-bottom:.25rem}
        .inset{display:none}

        """

    private static let charts = """
        svg{display:block;overflow:visible}
        .axis{stroke:var(--hair);stroke-width:1}
        .reach{stroke:var(--accent);stroke-width:2}
        .dot{fill:var(--accent);stroke:var(--paper);stroke-width:1.5}
        .lost{fill:var(--band)}
        .demand{stroke:var(--good);stroke-width:1.5;stroke-dasharray:3 2}
        .demand.bad{stroke:var(--bad)}
        svg text{font:10.5px system-ui,sans-serif;fill:var(--soft)}
        .bar{fill:var(--accent)}
        .bar.bad{fill:var(--bad)}
        .part{stroke:var(--paper);stroke-width:1}
        .part.scored{fill:var(--accent)}
        .part.errored{fill:var(--bad)}
        .part.skipped{fill:var(--soft)}
        .track{fill:var(--raised)}
        .scorers{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));gap:2rem 2.5rem}
        .scorers article>*{margin-top:.45rem}
        .scorers article>:first-child{margin-top:0}
        .key{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.35rem 0 0;padding:0;list-style:none;font-size:.85rem}
        .key svg{display:inline-block;vertical-align:baseline;margin-inline-end:.35rem}
        .counts{font-size:.85rem}
        .counts th,.counts td{padding:.12rem .6rem .12rem 0;border:0;vertical-align:middle}
        .counts th{font-weight:400;width:40%}
        .counts td.track-cell{width:40%}
        .scorers .axis-ends{display:flex;justify-content:space-between;margin-top:.1rem;font-size:.8rem;
        color:var(--soft)}

        """

    private static let rows = """
        .row{padding:1.25rem 0;border-top:1px solid var(--hair)}
        .row:first-of-type{border-top:0;padding-top:.8rem}
        .row>header{display:flex;flex-wrap:wrap;gap:.3rem .6rem;align-items:baseline;max-width:none;padding:0;
        margin:0 0 .8rem}
        .row>header h3{margin-inline-end:.5rem}
        .texts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:1rem 1.5rem;
        margin-bottom:1rem}
        .texts>div{min-width:0}
        .texts .text+h4,.texts details+h4{margin-top:.8rem}
        .text{margin:0;padding:.6rem .8rem;background:var(--raised);border-radius:6px;white-space:pre-wrap;
        overflow-wrap:anywhere;unicode-bidi:plaintext;font:inherit;font-size:.93rem}
        .texts details{margin-top:.35rem;font-size:.85rem}
        .texts details .text{margin-top:.4rem;max-height:40rem;overflow:auto}
        .judgements td{font-size:.93rem}
        .judgements td,.judgements th{padding-top:.35rem;padding-bottom:.35rem}
        .rationale{white-space:pre-line;overflow-wrap:anywhere;unicode-bidi:plaintext}
        pre.code{margin:.6rem 0 0;padding:.8rem 1rem;background:var(--raised);border-radius:6px;overflow:auto;
        line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere}

        """

    private static let narrow = """
        @media(max-width:40rem){
        body{font-size:14.5px}
        header{padding-top:1.5rem}
        h1{font-size:1.6rem}
        section{padding-top:1.5rem}
        .figures{grid-template-columns:repeat(2,1fr);gap:1rem}
        .figures dd{font-size:1.25rem}
        th,td{padding-inline-end:.6rem}
        .beside{display:none}
        .inset{display:block;font-weight:400;font-size:.82rem;color:var(--soft);white-space:nowrap}
        td.plot{width:30%;min-width:5.2rem}
        .origin{grid-template-columns:1fr;gap:0}
        .origin dd{margin-bottom:.5rem}
        .judgements thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .judgements,.judgements tbody{display:block}
        .judgements tr{display:flex;flex-wrap:wrap;align-items:baseline;gap:.15rem .6rem;padding:.5rem 0;
        border-bottom:1px solid var(--hair)}
        .judgements td,.judgements tbody th{border:0;padding:0;min-width:0}
        .judgements td.rationale{width:100%}
        .judgements td:empty{display:none}
        .judgements tr:last-child{border:0}
        }

        """

    private static let paper = """
        @media print{
        :root{color-scheme:light}
        body{font-size:10pt}
        nav{display:none}
        section{break-inside:auto}
        .row,.scorers article,tr{break-inside:avoid}
        details::details-content{content-visibility:visible;height:auto;display:block}
        .badge,.text,pre.code,.part,.bar,.lost{print-color-adjust:exact;-webkit-print-color-adjust:exact}
        .texts details .text{max-height:none}
        }

        """
}
