// How expressions are shown in F#'s interactive window.
namespace Autodiff

/// <summary>Printers for F#'s interactive window: <c>fsi.AddPrinter Display.table</c>.</summary>
[<RequireQualifiedAccess>]
module Display =

    /// <summary>The formula or the value on one line.</summary>
    let line (e: Expr) : string = e.Display

    /// <summary>The formula in LaTeX, for a notebook or a document.</summary>
    let latex (e: Expr) : string = e.ToLatex()

    /// <summary>The value of a matrix as a table with aligned columns, up to 20 rows and 12 columns; anything else on one line.</summary>
    let table (e: Expr) : string =
        if not e.IsConcrete || e.Rank <> 2 then
            e.Display
        else
            let rows, columns = e.Shape[0], e.Shape[1]
            let values = e.ToArray()
            let shown limit length = [ for i in 0 .. Operators.min length limit - 1 -> i ]
            let texts = [ for i in shown 20 rows -> [ for j in shown 12 columns -> values[i * columns + j].ToString("G6", System.Globalization.CultureInfo.InvariantCulture) ] ]
            let widths = [ for j in shown 12 columns -> texts |> List.map (fun row -> row[j].Length) |> List.fold Operators.max 0 ]
            let more = if columns > 12 then "  …" else ""
            let lines = [ for row in texts -> String.concat "  " (List.map2 (fun (text: string) (width: int) -> text.PadLeft width) row widths) + more ]
            String.concat "\n" (lines @ (if rows > 20 then [ "…" ] else []) @ [ $"{rows} × {columns}" ])
