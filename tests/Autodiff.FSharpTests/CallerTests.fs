// The members of the library that F# calls by their own names, in its own syntax.
module Autodiff.FSharpTests.CallerTests

open System
open System.Text.Json
open Autodiff.Functional
open Autodiff
open Xunit

type Line = { Slope: Expr; Intercept: Expr; Name: string }

let private near (expected: float) (actual: Expr) = Assert.Equal(expected, actual.Value, 12)

let private elements (expected: float list) (actual: Expr) =
    Assert.Equal(expected.Length, actual.Shape.Size)
    List.iter2 (fun (e: float) (a: float) -> Assert.Equal(e, a, 12)) expected (List.ofArray (actual.ToArray()))

let private lengths (x: Expr) = List.ofSeq x.Shape

[<Fact>]
let ``Members with spans are called with any number of arguments`` () =
    elements [ 1.0; 2.0; 3.0 ] (Expr.Of(scalar 1.0, scalar 2.0, scalar 3.0))
    Assert.Equal<int list>([ 2; 2 ], lengths (Expr.Of [| vector [ 1; 2 ]; vector [ 3; 4 ] |]))
    elements [] (Expr.Of())
    let t = reshape [ 2; 2; 2 ] (arange 8)
    elements [ 10.0; 18.0 ] (Expr.Sum(t, axis = Axes.Of(0, 1)) - vector [ 2; -2 ])
    Assert.Equal<int list>([ 1; 1; 2; 1 ], lengths (Expr.MaxPool(reshape [ 1; 1; 4; 2 ] (arange 8), PerAxis.Of(2, 2))))
    Assert.Equal(3.0, (Jet<float>(1.0, 2.0, 3.0)).Tangent 1)
    Assert.Equal(2.0, (Jet<float>(1.0, [| 2.0 |])).Tangent 0)

[<Fact>]
let ``Variables are replaced, by struct tuples of members and by tuples of functions`` () =
    let x, y = variable "x", variable "y"
    Assert.Equal("sin(2 * y)", (substitute [ x, 2 * y ] (sin x)).ToString())
    Assert.Equal("sin(2 * y)", ((sin x).Substitute(struct (x, 2 * y))).ToString())
    near 6.0 (x * y |> substitute [ x, scalar 2.0; y, scalar 3.0 ])
    Assert.Equal(6.0, evaluate [ x, 2.0; y, 3.0 ] (x * y))
    Assert.Equal(6.0f, evaluate [ x, 2.0f; y, 3.0f ] (x * y))
    Assert.Equal(6.0, (x * y).Evaluate(struct (x, 2.0), struct (y, 3.0)))
    Assert.Equal(-6.0, (evaluate [ x, Numerics.Complex(0.0, 2.0); y, Numerics.Complex(0.0, 3.0) ] (x * y)).Real)
    let missing = Assert.Throws<AutodiffException>(fun () -> substitute (Unchecked.defaultof<(Expr * Expr) list>) x |> ignore)
    Assert.Equal("substitute: the sequence is null.", missing.Message)

[<Fact>]
let ``Loops and batches take optional arguments by name`` () =
    let halved = AD.While((fun (x: Expr) -> x >. 1.0), (fun (x: Expr) -> x / 2), scalar 8.0, limit = 3)
    near 1.0 halved
    let struct (n, x) = AD.While((fun (struct (_: Expr, x: Expr)) -> x >. 1.0), (fun (struct (n: Expr, x: Expr)) -> struct (n + 1, x / 2)), struct (scalar 0, scalar 8.0), limit = 10, checkpointEvery = 2)
    near 3.0 n
    near 1.0 x
    near (sqrt 2.0) (AD.Root((fun x -> x * x - 2), scalar 1.0, maxSteps = 50))
    let a, b = AD.Fold<Expr * Expr>((fun (a, b) x -> b, a + x), (scalar 0.0, scalar 1.0), vector [ 1; 2; 3 ])
    near 3.0 a
    near 4.0 b
    let struct (final, sums) = AD.Scan((fun (s: Expr) (x: Expr) -> struct (s + x, s)), scalar 0.0, vector [ 1; 2; 3 ], reverse = true)
    near 6.0 final
    elements [ 5.0; 3.0; 0.0 ] sums
    let rows = matrix [ [ 1; 2 ]; [ 3; 4 ] ]
    elements [ 4.0; 6.0 ] (AD.Vmap((fun (x: Expr) -> sum x), inAxes = Nullable 1).Invoke rows)
    let first: struct (Nullable<int> * Nullable<int>) = struct (Nullable 0, Nullable())
    elements [ 3.0; 7.0 ] (AD.Vmap((fun (x: Expr) (w: Expr) -> dot x w), inAxes = Nullable first).Invoke(rows, vector [ 1; 1 ]))

[<Fact>]
let ``Numbers come from arrays, sequences and arrays of two axes`` () =
    elements [ 1.0; 2.0 ] (Expr.From [| 1.0; 2.0 |])
    elements [ 1.0; 2.0 ] (Expr.From(seq { 1.0; 2.0 }))
    elements [ 1.0; 2.0 ] (Expr.From [| 1; 2 |])
    elements [ 1.0; 0.0 ] (Expr.From [| true; false |])
    Assert.Equal<int list>([ 2; 3 ], lengths (Expr.From(array2D [ [ 1.0; 2.0; 3.0 ]; [ 4.0; 5.0; 6.0 ] ])))
    near 2.5 (Expr.From 2.5)

[<Fact>]
let ``A tensor is enumerated by rows, and turned over`` () =
    let m = matrix [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ]
    Assert.Equal<float list>([ 3.0; 7.0 ], [ for row in m -> (sum row).Value ])
    elements [ 1.0; 3.0; 2.0; 4.0 ] m.T
    elements [ 2.0; 1.0; 4.0; 3.0 ] (grad (fun (x: Expr) -> List.sum [ for row in x -> row.[0] * row.[1] ]) m)

[<Fact>]
let ``A record is saved as JSON and read`` () =
    let text = JsonSerializer.Serialize { Slope = matrix [ [ 1; 2 ] ]; Intercept = scalar 0.5; Name = "line" }
    Assert.Equal("""{"Slope":[[1,2]],"Intercept":0.5,"Name":"line"}""", text)

    match JsonSerializer.Deserialize<Line> text with
    | null -> failwith "nothing was read"
    | line ->
        elements [ 1.0; 2.0 ] line.Slope
        Assert.Equal((0.5, "line"), (line.Intercept.Value, line.Name))

    let x = variable "x"
    Assert.Equal("sin(x) * x", (Expr.FromJson((sin x * x).ToJson(), x)).ToString())

[<Fact>]
let ``Random numbers come from keys`` () =
    let struct (first, second) = Rng.Split(Rng.Key 1L)
    let sample key = Rng.Normal(key, Shape(2, 3))
    Assert.Equal<float[]>(toArray (sample first), toArray (sample first))
    Assert.NotEqual<float[]>(toArray (sample first), toArray (sample second))
    Assert.Equal<int list>([ 2; 3 ], lengths (sample first))
    elements [ 1.0 ] (grad (fun (mean: Expr) -> sum (Rng.Normal(first, Shape 1, mean, scalar 2.0))) (vector [ 0.0 ]))

[<Fact>]
let ``Strict mode refuses a value that a derivative would not see`` () =
    use _ = AD.Strict()
    let read = Assert.Throws<AutodiffException>(fun () -> grad (fun x -> x * scalar (value x)) (scalar 2.0) |> ignore)
    Assert.NotEmpty read.Message
    near 2.0 (grad (fun x -> x * scalar (value (stopGradient x))) (scalar 2.0))
    near 4.0 (grad (fun x -> x * scalar x) (scalar 2.0))

[<Fact>]
let ``Printers of the interactive window take an expression to a text`` () =
    let printers: (Expr -> string) list = [ Display.line; Display.table; Display.latex ]
    let x = matrix [ [ 1; 2 ]; [ 3; 4 ] ]
    Assert.Equal<string>("[[1, 2], [3, 4]]", printers[0] x)
    Assert.Equal<string>("1  2\n3  4\n2 × 2", printers[1] x)
    Assert.Contains("matrix", printers[2] x)

[<Fact>]
let ``A missing value is asked for in the code that calls the package`` () =
    let x = variable "x"
    let asked (use': unit -> unit) = (Assert.Throws<NotConcreteException> use').Location
    let here (location: string | null) = Assert.Contains("CallerTests", location)
    here (asked (fun () -> value x |> ignore))
    here (asked (fun () -> toArray x |> ignore))
    here (asked (fun () -> List.map value [ x ] |> ignore))
    here (asked (fun () -> List.map toArray [ x ] |> ignore))
    here (asked (fun () -> evaluate [ variable "y", 1.0 ] x |> ignore))

[<Fact>]
let ``A debugger shows one line`` () =
    match Attribute.GetCustomAttribute(typeof<Expr>, typeof<Diagnostics.DebuggerDisplayAttribute>) with
    | :? Diagnostics.DebuggerDisplayAttribute as shown -> Assert.Contains("{Display,nq}", shown.Value)
    | _ -> failwith "nothing is shown"

    let e = exp (variable "x")
    Assert.DoesNotContain("\n", (e / (e + 1)).Display)
