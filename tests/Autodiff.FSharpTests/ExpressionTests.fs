// Expressions in F#'s own syntax: numbers beside expressions, slices, reductions, comparisons, and F#'s functions.
module Autodiff.FSharpTests.ExpressionTests

open Autodiff
open Xunit

let private elements (expected: float list) (actual: Expr) =
    Assert.Equal(expected.Length, actual.Shape.Size)
    List.iter2 (fun (e: float) (a: float) -> Assert.Equal(e, a, 12)) expected (List.ofArray (actual.ToArray()))

let private lengths (x: Expr) = List.ofSeq x.Shape

[<Fact>]
let ``Numbers stand on both sides of operators`` () =
    let x = vector [ 1.0; 2.0 ]
    elements [ 2.0; 4.0 ] (2 * x)
    elements [ 2.0; 4.0 ] (x * 2)
    elements [ 2.0; 4.0 ] (2.0f * x)
    elements [ 3.0; 4.0 ] (x + 2)
    elements [ -1.0; 0.0 ] (x - 2.0f)
    elements [ 1.0; 0.0 ] (2 - x)
    elements [ 0.5; 1.0 ] (x / 2)
    elements [ 2.0; 1.0 ] (2 / x)
    elements [ 1.0; 0.0 ] (x % 2)
    elements [ 0.0; 1.0 ] (3 % x - 0)
    elements [ 1.0; 4.0 ] (x ** 2)
    elements [ 1.0; 4.0 ] (x ** 2.0)
    elements [ 1.0; 4.0 ] (x ** x)

[<Fact>]
let ``Slices are written as those of F#'s arrays`` () =
    let x = vector [ 0.0; 1.0; 2.0; 3.0 ]
    elements [ 1.0; 2.0; 3.0 ] x.[1..]
    elements [ 0.0; 1.0 ] x.[..1]
    elements [ 1.0; 2.0 ] x[1..2]
    elements [ 0.0; 1.0; 2.0; 3.0 ] x.[*]
    elements [] x.[2..1]
    let m = reshape [ 2; 3 ] (arange 6)
    elements [ 0.0; 1.0; 2.0 ] m.[0, *]
    elements [ 1.0; 4.0 ] m.[*, 1]
    elements [ 4.0; 5.0 ] m.[1, 1..]
    Assert.Equal<int list>([ 1; 2 ], lengths m.[1..1, 1..2])
    elements [ 5.0 ] (reshape [ 1 ] m.[1, 2])
    let t = reshape [ 2; 2; 2 ] (arange 8)
    elements [ 1.0; 3.0 ] t.[0, *, 1]
    elements [ 4.0; 5.0; 6.0; 7.0 ] t.[1, *, *]
    elements [ 0.0; 0.0; 1.0; 0.0 ] (grad (fun (x: Expr) -> sum x.[2..2]) x)

[<Fact>]
let ``A slice outside is refused`` () =
    let x = vector [ 0.0; 1.0; 2.0 ]
    Assert.Throws<Autodiff.Functional.ShapeException>(fun () -> x.[1..7] |> ignore) |> ignore
    let negative = Assert.Throws<Autodiff.Functional.ShapeException>(fun () -> x.[-2..1] |> ignore)
    Assert.Contains("negative", negative.Message)
    let wrong = Assert.Throws<Autodiff.Functional.AutodiffException>(fun () -> x.GetSlice("a") |> ignore)
    Assert.Contains("GetSlice: the bounds a", wrong.Message)

[<Fact>]
let ``Members with any number of arguments are called as such, and with arrays`` () =
    Assert.Equal<int list>([ 2; 3 ], lengths (Expr.Zeros(2, 3)))
    Assert.Equal<int list>([ 3 ], lengths (Expr.Ones 3))
    let x, y = vector [ 1.0; 2.0 ], vector [ 3.0; 4.0 ]
    Assert.Equal<int list>([ 1; 2 ], lengths (Expr.Reshape(x, 1, 2)))
    Assert.Equal<int list>([ 2; 1 ], lengths (Expr.Reshape(x, [| 2; 1 |])))
    Assert.Equal<int list>([ 2; 2 ], lengths (Expr.BroadcastTo(x, 2, 2)))
    elements [ 1.0; 2.0; 3.0; 4.0 ] (Expr.Concat(x, y))
    elements [ 1.0; 3.0; 2.0; 4.0 ] (Expr.Stack([| x; y |], 1))
    elements [ 11.0 ] (reshape [ 1 ] (Expr.Einsum("i,i->", x, y)))
    elements [ 2.0; 1.0 ] (Expr.Take(x, [| 1; 0 |]))
    elements [ 1.0; 2.0 ] (Expr.Constant([| 1.0; 2.0 |], Shape 2))
    elements [ 1.0; 2.0; 1.0; 2.0 ] (Expr.Tile(x, 2))
    elements [ 3.0; 4.0 ] (Expr.Max(x, y, x))
    let a, b = variable "a", variable "b"
    Assert.Equal("3 * b", ((a * b).Substitute(struct (a, scalar 3.0))).ToString())
    Assert.Equal(6.0, (a * b).Evaluate(struct (a, 2.0), struct (b, 3.0)))
    Assert.Equal("a * b", (Expr.Parse("a * b", a, b)).ToString())
    Assert.Throws<Autodiff.Functional.AutodiffException>(fun () -> Expr.Zeros(Unchecked.defaultof<int[]>) |> ignore) |> ignore

[<Fact>]
let ``Comparisons give masks`` () =
    let x = vector [ -1.0; 0.0; 1.0 ]
    elements [ 0.0; 0.0; 1.0 ] (x >. 0.0)
    elements [ 1.0; 0.0; 0.0 ] (x <. 0)
    elements [ 0.0; 1.0; 1.0 ] (x >=. scalar 0.0)
    elements [ 1.0; 1.0; 0.0 ] (x <=. 0.0)
    elements [ 0.0; 1.0; 0.0 ] (x =. 0.0)
    elements [ 1.0; 0.0; 1.0 ] (x <>. 0.0)
    elements [ 0.0; 1.0; 0.0 ] (1.0 >. x * x)
    elements [ 0.0; 0.0; 1.0 ] (where (x >. 0.0) x 0.0)
    elements [ 0.0; 0.0; 1.0 ] (grad (fun x -> sum (where (x >. 0.0) x 0.0)) x)

[<Fact>]
let ``F#'s functions have the library's derivatives, and still work on numbers`` () =
    let x, y = scalar 2.0, scalar 2.0
    let byX, byY = grad (fun (x, y) -> max x y) (x, y)
    Assert.Equal((0.5, 0.5), (byX.Value, byY.Value))
    let byX, byY = grad (fun (x, y) -> min x y) (x, y)
    Assert.Equal((0.5, 0.5), (byX.Value, byY.Value))
    Assert.Equal(3, max 3 2)
    Assert.Equal(2.5, min 2.5 3.0)
    Assert.Equal("b", max "a" "b")
    Assert.Equal(12.0, (grad (fun x -> pown x 3) x).Value)
    Assert.Equal(8.0, pown 2.0 3)
    Assert.Equal(8, pown 2 3)
    elements [ -1.0; 0.0; 1.0 ] (sign (vector [ -2.0; 0.0; 3.0 ]))
    Assert.Equal(-1, sign -2.5)
    Assert.Equal(1, sign 3)
    Assert.Equal(0.0, (grad (fun (x: Expr) -> sign x * 2.0) x).Value)
    let relu = compile (fun (x: Expr) -> max x (scalar 0.0))
    Assert.Equal(2.0, (relu x).Value)

type Balance =
    { Amount: decimal }
    member this.Sign = FSharp.Core.Operators.sign this.Amount

[<Fact>]
let ``max and min of what is no expression are F#'s own`` () =
    for a in [ 1.0; -0.0; 0.0; nan; infinity; -infinity ] do
        for b in [ 1.0; -0.0; 0.0; nan; infinity; -infinity ] do
            let bits (x: float) = System.BitConverter.DoubleToInt64Bits x
            let bits32 (x: float32) = System.BitConverter.SingleToInt32Bits x
            Assert.Equal(bits (FSharp.Core.Operators.max a b), bits (max a b))
            Assert.Equal(bits (FSharp.Core.Operators.min a b), bits (min a b))
            Assert.Equal(bits32 (FSharp.Core.Operators.max (float32 a) (float32 b)), bits32 (max (float32 a) (float32 b)))
            Assert.Equal(bits32 (FSharp.Core.Operators.min (float32 a) (float32 b)), bits32 (min (float32 a) (float32 b)))

    Assert.True(System.Double.IsNaN(max 1.0 nan))
    Assert.Equal(("b", "a"), (max "a" "b", min "a" "b"))
    Assert.Equal((7L, 2y, 3I), (max 7L 3L, min 2y 5y, max 3I 2I))
    Assert.Equal(System.DateTime(2021, 1, 1), max (System.DateTime(2020, 1, 1)) (System.DateTime(2021, 1, 1)))
    Assert.Equal((1, "b"), max (1, "a") (1, "b"))
    Assert.Equal(Some 3, List.reduce max [ None; Some 3; Some 2 ])
    let largest (xs: 'T list) : 'T = List.reduce max xs
    Assert.Equal(3, largest [ 1; 3; 2 ])
    Assert.Equal(3.0, (largest [ scalar 1.0; scalar 3.0 ]).Value)

[<Fact>]
let ``sign is F#'s own for every type that has one`` () =
    Assert.Equal<int list>([ 1; -1; 1; -1; 0; -1; 1 ], [ sign 1s; sign -2y; sign 3I; sign -5n; sign 0L; sign -2.5m; sign 2.5f ])
    Assert.Equal<int list>([ -1; 0; 1 ], List.map sign [ -2.5; 0.0; 1.0 ])
    Assert.Equal(-1, sign { Amount = -2.5m })
    let inline twice x = 2 * sign x
    Assert.Equal(-2, twice -3L)
    let inline signs x = sign x
    Assert.Equal(1, signs 3s)
    elements [ 1.0; -1.0 ] (signs (vector [ 2.0; -3.0 ]))

[<Fact>]
let ``scalar takes every number, and leaves an expression as it is`` () =
    Assert.Equal<float list>([ 1.0; 2.0; 3.0; 4.0; 5.5 ], [ for x in [ scalar 1; scalar 2L; scalar 3uy; scalar 4.0f; scalar 5.5m ] -> x.Value ])
    Assert.Equal(6.0, (grad (fun (x: Expr) -> scalar x * x) (scalar 3.0)).Value)
    let inline cube x = scalar x * scalar x * scalar x
    Assert.Equal(8.0, (cube 2).Value)
    Assert.Equal(12.0, (grad cube (scalar 2.0)).Value)

[<Fact>]
let ``Sums and means over F#'s collections`` () =
    let x = scalar 2.0
    Assert.Equal(12.0, (grad (fun (x: Expr) -> List.sum [ x; x * x; x * 7 ]) x).Value)
    Assert.Equal(6.0, (grad (fun x -> List.sumBy (fun i -> x * i) [ 1; 2; 3 ]) x).Value)
    Assert.Equal(6.0, (grad (fun (x: Expr) -> Seq.sum (seq { for i in 1..3 -> x * i })) x).Value)
    Assert.Equal(2.0, (grad (fun (x: Expr) -> List.average [ x; 3.0 * x ]) x).Value)
    Assert.Equal(6.0, (grad (fun (x: Expr) -> Array.averageBy (fun (i: int) -> x * float i) [| 4; 8 |]) x).Value)

[<Fact>]
let ``Vectors, matrices and tensors are made of numbers and of expressions`` () =
    elements [ 1.0; 2.0 ] (vector [ 1; 2 ])
    elements [ 1.5; 2.5 ] (vector [| 1.5f; 2.5f |])
    elements [] (vector ([]: float list))
    let x = scalar 3.0
    elements [ 3.0; 9.0 ] (vector [ x; x * x ])
    Assert.Equal<int list>([ 2; 3 ], lengths (matrix [ [ 1; 2; 3 ]; [ 4; 5; 6 ] ]))
    Assert.Equal<int list>([ 2; 1; 2 ], lengths (tensor [ 2; 1; 2 ] [ 1.0; 2.0; 3.0; 4.0 ]))
    elements [ 1.0; 2.0; 3.0; 4.0 ] (tensor [ 2; 2 ] [ 1; 2; 3; 4 ])
    elements [ 1.5; 2.5 ] (tensor [ 1; 2 ] [| 1.5f; 2.5f |])
    Assert.Equal<int list>([ 2; 1 ], lengths (tensor [ 2; 1 ] [ x; x * x ]))
    Assert.Equal(7.0, (grad (fun x -> sum (tensor [ 2; 1 ] [ x; x * x ])) x).Value)
    Assert.Equal<int list>([ 0; 2 ], lengths (tensor [ 0; 2 ] ([]: int list)))
    elements [ 1.0; 3.0 ] (vector [ box 1; box x ])
    let text = Assert.Throws<Autodiff.Functional.AutodiffException>(fun () -> vector [ "1.5" ] |> ignore)
    Assert.Contains("an element is of type String", text.Message)
    Assert.Throws<Autodiff.Functional.ShapeException>(fun () -> (vector [ 1.0 ]).[0 .. System.Int32.MaxValue] |> ignore) |> ignore
    Assert.Throws<Autodiff.Functional.ShapeException>(fun () -> tensor [ 2; 2 ] [ 1; 2; 3 ] |> ignore) |> ignore
    Assert.Throws<Autodiff.Functional.ShapeException>(fun () -> tensor [ 2; 2 ] [ x; x; x ] |> ignore) |> ignore
    Assert.Equal<int list>([ 2; 3 ], lengths (variableOf [ 2; 3 ] "w"))
    Assert.Equal("w", (variable "w").ToString())
    Assert.Equal(6.0, (grad (fun x -> sum (vector [ x; x * x ]) - x) x).Value)
    elements [ 0.0; 0.0 ] (zeros [ 2 ])
    elements [ 1.0; 1.0 ] (ones [ 1; 2 ])
    elements [ 1.0; 0.0; 0.0; 1.0 ] (eye 2)
    elements [ 0.0; 0.5; 1.0 ] (linspace 0 1.0 3)
    let ragged = Assert.ThrowsAny<Autodiff.Functional.AutodiffException>(fun () -> matrix [ [ 1.0 ]; [ 2.0; 3.0 ] ] |> ignore)
    Assert.Contains("(2)", ragged.Message)
    let missing = Assert.Throws<Autodiff.Functional.AutodiffException>(fun () -> zeros (Unchecked.defaultof<int list>) |> ignore)
    Assert.Equal("zeros: the sequence is null.", missing.Message)
    let unknown = Assert.Throws<Autodiff.Functional.AutodiffException>(fun () -> vector [ obj () ] |> ignore)
    Assert.Contains("of type Object", unknown.Message)

[<Fact>]
let ``Reductions, products and shapes`` () =
    let m = matrix [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ]
    let x = vector [ 3.0; 4.0 ]
    let number (expected: float) (actual: Expr) = Assert.Equal(expected, actual.Value, 12)
    number 10.0 (sum m)
    elements [ 4.0; 6.0 ] (sumAxis 0 m)
    number 2.5 (mean m)
    elements [ 1.5; 3.5 ] (meanAxis 1 m)
    number 24.0 (prod m)
    number 4.0 (maxOf m)
    number 1.0 (minOf m)
    number 5.0 (norm x)
    number 1.25 (variance m)
    number 0.5 (std x)
    number (log (exp 3.0 + exp 4.0)) (logSumExp x)
    number 1.0 (sum (softmax x))
    number 1.0 (sum (exp (logSoftmax x)))
    elements [ 3.0; 7.0 ] (cumsum x)
    elements [ 3.0; 12.0 ] (cumprod x)
    elements [ 3.0; 4.0 ] (sort (flip x))
    number 25.0 (dot x x)
    elements [ 11.0; 25.0 ] (matmul m x)
    elements [ 9.0; 12.0; 12.0; 16.0 ] (outer x x)
    number 5.0 (trace m)
    elements [ 1.0; 4.0 ] (diag m)
    elements [ 1.0; 3.0; 2.0; 4.0 ] (transpose m)
    elements [ 1.0; 3.0; 2.0; 4.0 ] (permute [ 1; 0 ] m)
    elements [ 1.0; 2.0; 3.0; 4.0 ] (reshape [ -1 ] m)
    elements [ 3.0; 4.0; 3.0; 4.0 ] (broadcastTo [ 2; 2 ] x)
    elements [ 3.0; 4.0; 3.0; 4.0 ] (concat [ x; x ])
    elements [ 1.0; 2.0; 1.0; 2.0; 3.0; 4.0; 3.0; 4.0 ] (concatAxis 1 [ m; m ])
    Assert.Equal<int list>([ 2; 2 ], lengths (stack [ x; x ]))
    elements [ 3.0; 3.0; 4.0; 4.0 ] (stackAxis 1 [ x; x ])
    elements [ 4.0; 3.0 ] (take [ 1; 0 ] x)
    elements [ 2.0; 4.0 ] (takeAxis 1 [ 1 ] m)
    number 29.0 (sum (einsum "ij,ij->" [ m; m ]) - 1)
    Assert.Equal<float[]>([| 3.0; 4.0 |], toArray x)
    Assert.Equal(2.0, value (scalar 2))
    let values, vectors = eigh (matrix [ [ 2.0; 0.0 ]; [ 0.0; 3.0 ] ])
    elements [ 2.0; 3.0 ] values
    number 2.0 (sum (vectors * vectors))
    let q, r = qr m
    elements [ 1.0; 2.0; 3.0; 4.0 ] (matmul q r)
    let u, s, vt = svd m
    elements [ 1.0; 2.0; 3.0; 4.0 ] (matmul u (matmul (diag s) vt))
    elements [ 1.0; 2.0 ] (clamp 1.0 2.0 (vector [ 0.0; 3.0 ]))
    elements [ 3.5; 5.0; 1.0 ] (vector [ 3.5; 5.0; 1.0 ])
    number 0.5 (betaInc (scalar 2.0) (scalar 2.0) (scalar 0.5))

[<Fact>]
let ``Expressions are shown on one line`` () =
    Assert.Equal("[[1, 2], [3, 4]]", sprintf "%A" (matrix [ [ 1; 2 ]; [ 3; 4 ] ]))
    let x = variable "x"
    let e = exp x
    Assert.Equal("let t1 = exp(x); t1 / (t1 + 1)", sprintf "%A" (e / (e + 1)))
    Assert.Equal("let t1 = exp(x); t1 / (t1 + 1)", Display.line (e / (e + 1)))
    Assert.Equal("1  -2.5\n3     4\n2 × 2", Display.table (matrix [ [ 1.0; -2.5 ]; [ 3.0; 4.0 ] ]))
    Assert.Equal("x", Display.table x)
    Assert.StartsWith(@"\sin", Display.latex (sin x))
