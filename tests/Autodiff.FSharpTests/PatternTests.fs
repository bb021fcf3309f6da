// Active patterns and quotations.
module Autodiff.FSharpTests.PatternTests

open System
open Autodiff.Functional
open Autodiff
open FSharp.Linq.RuntimeHelpers
open Xunit

let private x, y = variable "x", variable "y"

[<Fact>]
let ``A derivative is written with patterns`` () =
    let rec derive (e: Expr) : Expr =
        match e with
        | Const _ -> scalar 0.0
        | Var name -> scalar (if name = "x" then 1.0 else 0.0)
        | Add(a, b) -> derive a + derive b
        | Sub(a, b) -> derive a - derive b
        | Mul(a, b) -> derive a * b + a * derive b
        | Div(a, b) -> (derive a * b - a * derive b) / (b * b)
        | Neg a -> -(derive a)
        | Sin a -> cos a * derive a
        | Cos a -> -(sin a) * derive a
        | Exp a -> e * derive a
        | Log a -> derive a / a
        | Power(a, Const n) -> n * a ** (n - 1.0) * derive a
        | other -> failwith $"no rule for {other.Op}"

    let f (x: Expr) = exp (sin x * x) / (log x + 2.0) - cos (-x) ** 3.0
    let at (e: Expr) = e.Evaluate(struct (x, 1.3))
    Assert.Equal((grad f (scalar 1.3)).Value, at (derive (f x)), 12)

[<Fact>]
let ``Patterns see operands of every kind`` () =
    let v = variableOf [ 3 ] "v"

    match sum (where (v >. 0.0) (sqrt v) (abs v)) with
    | Sum(Where(Greater(Var "v", Const 0.0), Sqrt(Var "v"), Abs(Var "v"))) -> ()
    | other -> failwith $"{other} does not match"

    match concat [ v; v ] with
    | Concat [ Var "v"; Var "v" ] -> ()
    | other -> failwith $"{other} does not match"

    match vector [ 1.0; 2.0; 3.0 ] + v with
    | Add(ConstTensor c, _) -> Assert.Equal(2.0, c.ToArray()[1])
    | other -> failwith $"{other} does not match"

    Assert.True((match x with Const _ | ConstTensor _ -> false | _ -> true))

/// What a primitive is called as a pattern, where that is not its own name.
let private renamed =
    dict [ "Constant", "Const"; "Variable", "Var"; "Subtract", "Sub"; "Multiply", "Mul"; "Divide", "Div"; "Pow", "Power"; "Negate", "Neg" ]

/// The function of the pattern of each primitive that has one.
let private patterns =
    let found =
        typeof<Operand>.Assembly.GetTypes()
        |> Array.filter (fun each -> each.Name = "Patterns")
        |> Array.collect (fun each -> each.GetMethods())
        |> Array.filter (fun m -> m.Name.StartsWith "|")
        |> Array.map (fun m -> m.Name.Split('|')[1], m)
        |> dict

    [ for op in Enum.GetValues<Op>() do
          match found.TryGetValue(match renamed.TryGetValue(string op) with | true, other -> other | false, _ -> string op) with
          | true, pattern -> op, pattern
          | false, _ -> () ]

/// A node of an elementwise primitive, which may have an order before its operands; None for a primitive that is not elementwise.
let private elementwise (op: Op) : Expr option =
    [ "1"; "0, 1"; "0, 1, 1" ]
    |> List.tryPick (fun operands ->
        let nodes = $"""{{"op":"Constant","value":1}},{{"op":"Variable","name":"x"}},{{"op":"{op}","of":[{operands}]}}"""

        try
            Some(Expr.FromJson $"""{{"format":"Autodiff.Functional expression","version":1,"programs":[],"nodes":[{nodes}],"result":2}}""")
        with :? AutodiffException ->
            None)

/// Formulas in which the other primitives occur.
let private formulas =
    lazy
        (let v, w, positions = variableOf [ 4 ] "v", variableOf [ 4 ] "w", variableOf [ 2 ] "i"
         let a, b = variableOf [ 2; 2 ] "a", variableOf [ 2; 2 ] "b"
         let image, kernel = variableOf [ 1; 1; 4 ] "image", variableOf [ 1; 1; 2 ] "kernel"
         let twice = Primitive.Define("twice", (fun (x: float) -> 2.0 * x), (fun (_: Expr) (_: Expr) -> scalar 2.0))
         let convolved = fun x -> sum (Expr.Conv(x, kernel) ** 2)
         let pooled = fun (x: Expr) -> Expr.MaxPool(x, PerAxis.Of 2, stride = PerAxis.Of 1)
         let struct (_, lower, _) = Expr.Lu a
         let struct (sign, _) = Expr.SignedLogDet a

         [ vector [ 1.0; 2.0 ]
           sum v
           prod v
           maxOf v
           minOf v
           logSumExp v
           logSumExp (log v)
           norm v
           cumsum v
           reshape [ 2; 2 ] v
           broadcastTo [ 2; 4 ] v
           transpose a
           v.[1..2]
           grad (fun (v: Expr) -> v.[1] * v.[2]) v
           concat [ v; v ]
           stack [ x; y ]
           flip v
           take [ 0; 0 ] v
           v[Slice.Every 2]
           dot v w
           matmul a b
           outer v w
           einsum "ij,ij->i" [ a; b ]
           trace a
           diag v
           twice.Invoke x
           iterate 3 sin x
           grad (iterate 3 sin) x
           cond (x >. 0.0) (fun () -> sin x) (fun () -> x)
           checkpoint sin x
           root (fun z -> z * z * z + z - x) (scalar 1.0)
           solve a v.[..1]
           Expr.SolveTriangular(a, b)
           Expr.SolveBanded(0, 1, a, v.[..1])
           Expr.SolveSylvester(a, b, a)
           lstsq a v.[..1]
           inverse a
           det a
           grad det a
           logDet a
           cholesky a
           fst (qr a)
           fst (eigh a)
           (let _, s, _ = svd a in s)
           lower
           sign
           expm a
           logm a
           sqrtm a
           polarFactor a
           Expr.MatrixNorm(a, "nuc")
           Expr.MatrixFunction(exp, a)
           Expr.Parse("lyapunov(a, b)", a, b)
           Expr.Parse("factors(a)", a)
           betaInc x y (scalar 0.5)
           binomial x y
           zeta x
           besselY 1 x
           besselI 0.5 x
           besselK 0.5 x
           Expr.BesselIScaled(0.5, x)
           Expr.BesselKScaled(0.5, x)
           Expr.Conv(image, kernel)
           Expr.ConvTranspose(image, kernel)
           pooled image
           grad convolved image
           grad (fun k -> sum (Expr.Conv(image, k) ** 2)) kernel
           snd (jvp pooled image image)
           grad (fun x -> sum (pooled x ** 2)) image
           Expr.Take(v, positions)
           Expr.ScatterAdd(positions, v.[..1], 3)
           Expr.Update(v, positions, v.[..1])
           Expr.SegmentMax(v, w, 2)
           Expr.ArgSort v
           Expr.SearchSorted(v, x)
           Expr.IndexOfMax v
           cumprod v
           Expr.CumMax v
           Expr.CumLogSumExp v
           snd (jvp cumprod v w)
           snd (jvp Expr.CumMax v w)
           Rng.Uniform(variableOf [ 2 ] "key", Shape 3) ])

// The primitives whose nodes do not all have the same number of operands.
let private ofAnyNumber =
    [ Op.Scatter; Op.Concat; Op.Stack; Op.Einsum; Op.Defined; Op.Loop; Op.LoopAdjoint; Op.Cond; Op.Call; Op.Root; Op.Solve; Op.MatrixFunction ]

[<Fact>]
let ``Every primitive has a pattern, which matches its nodes and gives their operands`` () =
    Assert.Equal<Op list>(List.ofArray (Enum.GetValues<Op>()), List.map fst patterns)
    let others = formulas.Value |> Seq.collect (fun e -> e.Nodes()) |> List.ofSeq

    for op, pattern in patterns do
        let nodes = Option.toList (elementwise op) @ List.filter (fun (e: Expr) -> e.Op = op) others
        Assert.True(not nodes.IsEmpty, $"{op}: there is no node to match.")

        for node in nodes do
            if op <> Op.Constant && op <> Op.Variable then
                let found =
                    match pattern.Invoke(null, [| node |]) with
                    | :? (Expr option) as one -> Option.toList one
                    | :? ((Expr * Expr) option) as two -> [ for a, b in Option.toList two do a; b ]
                    | :? ((Expr * Expr * Expr) option) as three -> [ for a, b, c in Option.toList three do a; b; c ]
                    | :? (Expr list option) as all ->
                        Assert.True(List.contains op ofAnyNumber, $"{op} has always {node.Operands.Count} operands, so the pattern gives them one by one.")
                        Option.defaultValue [] all
                    | _ -> []

                Assert.True(found.Length = node.Operands.Count, $"{op}: the pattern does not match {node} with {node.Operands.Count} operands.")
                Assert.True(List.forall2 (fun a b -> obj.ReferenceEquals(a, b)) (List.ofSeq node.Operands) found, $"{op}: other operands are matched.")

[<Fact>]
let ``Patterns see what a derivative is made of`` () =
    match grad (fun x -> sin x * x) x with
    | Add(Sin(Var "x"), Mul(Var "x", Cos(Var "x"))) -> ()
    | other -> failwith $"{other} does not match"

    match grad (fun x -> x * sin x) (exp y) with
    | Add(Sin(Exp(Var "y")), _) -> ()
    | other -> failwith $"{other} does not match"

[<Fact>]
let ``Patterns of functions with an order give it first`` () =
    match besselJ 2 x with
    | BesselJ(Const 2.0, Var "x") -> ()
    | other -> failwith $"{other} does not match"

    match grad digamma x with
    | Polygamma(Const 1.0, Var "x") -> ()
    | other -> failwith $"{other} does not match"

[<Fact>]
let ``Quotations become expressions`` () =
    Assert.Equal("sin(x) * x", (ofQuotation <@ fun x -> sin x * x @>).ToString())
    Assert.Equal("x * y + 2", (ofQuotation <@ fun (x: float) y -> x * y + 2.0 @>).ToString())
    Assert.Equal("x - y", (ofQuotation <@ fun (x: float, y: float) -> x - y @>).ToString())
    let two = 2.0
    Assert.Equal("x^3 + 2", (ofQuotation <@ fun x -> pown x 3 + two @>).ToString())
    Assert.Equal("where(x > 0, sqrt(x), -x)", (ofQuotation <@ fun x -> if x > 0.0 then sqrt x else -x @>).ToString())
    let shared = ofQuotation <@ fun x -> let e = exp x in e / (e + 1.0) @>
    Assert.Equal("let t1 = exp(x)\nt1 / (t1 + 1)", shared.ToString())
    Assert.Equal("max(x, 1) + sign(x)", (ofQuotation <@ fun x -> max x 1.0 + float (sign x) @>).ToString())
    Assert.Equal("max(x, atan2(1, x)) + 3.141592653589793", (ofQuotation <@ fun x -> Math.Max(x, atan2 1.0 x) + Math.PI @>).ToString())
    Assert.Equal(cos 1.0 + sin 1.0, (grad (applyQuotation <@ fun x -> sin x * x @>) (scalar 1.0)).Value, 12)

[<Fact>]
let ``Pipes, compositions, functions and tuples in a quotation are those of its numbers`` () =
    let text (e: Expr) = e.ToString()
    Assert.Equal("sin(x)", text (ofQuotation <@ fun x -> x |> sin @>))
    Assert.Equal("exp(sin(x))", text (ofQuotation <@ fun x -> x |> sin |> exp @>))
    Assert.Equal("sin(x + 1)", text (ofQuotation <@ fun x -> sin <| x + 1.0 @>))
    Assert.Equal("max(1, x)", text (ofQuotation <@ fun x -> x |> max 1.0 @>))
    Assert.Equal("atan2(x, y)", text (ofQuotation <@ fun x y -> (x, y) ||> atan2 @>))
    Assert.Equal("exp(sin(x))", text (ofQuotation <@ fun x -> (sin >> exp) x @>))
    Assert.Equal("sin(exp(x))", text (ofQuotation <@ fun x -> (sin << exp) x @>))
    Assert.Equal("exp(sin(x))", text (ofQuotation <@ sin >> exp @>))
    Assert.Equal(cos 1.0, (grad (applyQuotation <@ sin @>) (scalar 1.0)).Value)
    Assert.Equal("y", text (ofQuotation <@ fun (_: float, y: float) -> y @>))
    Assert.Equal("y", text (ofQuotation <@ fun (_: float) (y: float) -> y @>))
    Assert.Equal("a * b + c", text (ofQuotation <@ fun (a: float, (b: float, c: float)) -> a * b + c @>))
    Assert.Equal("a + b * c", text (ofQuotation <@ fun a (b: float, c) -> a + b * c @>))
    Assert.Equal("p_1 - p_2", text (ofQuotation <@ fun (p: float * float) -> fst p - snd p @>))
    Assert.Equal("x^2 + 4", text (ofQuotation <@ fun x -> let square y = pown y 2 in square x + square 2.0 @>))
    Assert.Equal("x * (x + 1)", text (ofQuotation <@ fun x -> let product = fun a b -> a * b in product x (x + 1.0) @>))
    Assert.Equal("x + 1 - x", text (ofQuotation <@ fun x -> let a, b = x + 1.0, x in a - b @>))
    Assert.Equal("sin(x) + exp(x)", text (ofQuotation <@ fun x -> (fun x -> sin x) x + (let x' = exp x in x') @>))

[<Fact>]
let ``A condition of a quotation is turned round by not, and joined by and and or`` () =
    let inside = applyQuotation <@ fun x -> if not (x < 0.0 || x > 1.0) && x <> 0.5 then x * x else 0.0 @>
    Assert.Equal<float list>([ 0.0; 0.0625; 0.0; 0.5625; 0.0 ], [ for x in [ -0.5; 0.25; 0.5; 0.75; 1.5 ] -> (inside (scalar x)).Value ])
    Assert.Equal(0.5, (grad inside (scalar 0.25)).Value)

[<Fact>]
let ``Names that occur twice in a quotation are kept apart`` () =
    let e = toQuotation [ x ] (let a = exp x in let b = sin (a * a) in b * b + a)
    let read = ofQuotation (FSharp.Quotations.Expr.Cast<float -> float> e)
    Assert.Equal(sin (exp 1.0) ** 2.0 + exp 0.5, read.Evaluate(struct (read.Nodes() |> Seq.find (fun node -> node.Op = Op.Variable), 0.5)), 14)
    Assert.Equal("x + 1", (ofQuotation <@ fun x -> let x = x + 1.0 in x @>).ToString())

let private shift (x: float) = x + 1.0

[<Fact>]
let ``What no expression computes is refused`` () =
    let message (f: unit -> unit) = Assert.Throws<AutodiffException>(f).Message
    Assert.Contains("no function IEEERemainder of 2 arguments", message (fun () -> ofQuotation <@ fun x -> Math.IEEERemainder(x, 2.0) @> |> ignore))
    Assert.Contains("is of a kind", message (fun () -> ofQuotation <@ fun (x: float) -> [| x |].Length @> |> ignore))
    Assert.Contains("shift is a function of the program", message (fun () -> ofQuotation <@ fun x -> shift x @> |> ignore))
    Assert.Contains("a tuple of 2 stands where a number is needed", message (fun () -> ofQuotation <@ fun (x: float) -> x, x @> |> ignore))
    Assert.Contains("a function stands where a number is needed", message (fun () -> ofQuotation <@ fun x -> (if x > 0.0 then sin else cos) @> |> ignore))
    Assert.Contains("whole numbers are divided", message (fun () -> ofQuotation <@ fun (x: float) -> x * float (7 / 2) @> |> ignore))
    Assert.Contains("is null", message (fun () -> toQuotation [ x ] (Unchecked.defaultof<Expr>) |> ignore))
    Assert.Contains("not among the parameters", message (fun () -> toQuotation [ x ] (x * y) |> ignore))
    Assert.Contains("shape (3)", message (fun () -> toQuotation [] (sum (variableOf [ 3 ] "v")) |> ignore))

[<Fact>]
let ``Expressions become quotations that compute them`` () =
    let run (variables: Expr list) (e: Expr) (at: float list) =
        match LeafExpressionConverter.EvaluateQuotation(toQuotation variables e), at with
        | (:? (float -> float) as f), [ a ] -> f a
        | (:? (float -> float -> float) as f), [ a; b ] -> f a b
        | other, _ -> failwith $"{other} is no function of {at.Length} numbers"

    Assert.Equal(sin 1.5 * 1.5, run [ x ] (sin x * x) [ 1.5 ], 14)
    let e = exp x
    Assert.Equal(exp 1.5 / (exp 1.5 + 0.5), run [ x; y ] (e / (e + y)) [ 1.5; 0.5 ], 14)
    let gradient = grad (fun x -> exp (sin x * x)) x
    Assert.Equal((grad (fun x -> exp (sin x * x)) (scalar 0.7)).Value, run [ x ] gradient [ 0.7 ], 12)
    Assert.Equal((erf (scalar 0.3)).Value, run [ x ] (erf x) [ 0.3 ], 14)
    Assert.Equal(-2.0, run [ x ] (where (x >. 1.0) x (-(abs x))) [ -2.0 ], 14)
    Assert.Equal(1.5 ** 0.25, run [ x; y ] (x ** y) [ 1.5; 0.25 ], 14)

/// An expression as a quotation, evaluated at a number, and read back.
let private outAndBack (e: Expr) : (float -> float) * Expr =
    let quotation = FSharp.Quotations.Expr.Cast<float -> float>(toQuotation [ x ] e)
    unbox<float -> float> (LeafExpressionConverter.EvaluateQuotation quotation), applyQuotation quotation x

[<Fact>]
let ``Every function of numbers that has a quotation computes the same there and when it is read back`` () =
    let without =
        [ for op in Enum.GetValues<Op>() do
              match elementwise op with
              | None -> ()
              | Some made ->
                  // x takes the place of the last operand, at a number in the domain.
                  let operands = [ for i, operand in Seq.indexed made.Operands -> if i = made.Operands.Count - 1 then x elif operand.Op = Op.Constant then operand else scalar 2.0 ]
                  let node = made.WithOperands(Array.ofList operands)
                  let at, expected = [ 0.6; 1.6; -0.3 ] |> List.map (fun at -> at, node.Evaluate(struct (x, at))) |> List.find (fun (_, value) -> not (Double.IsNaN value))

                  try
                      for e, factor in [ node, 1.0; node * 3.0, 3.0 ] do
                          let run, read = outAndBack e
                          let again = read.Evaluate(struct (x, at))
                          Assert.True(abs (run at - factor * expected) <= 1e-14 * abs expected, $"{op}: the quotation gives {run at} for {expected}.")
                          Assert.True(abs (again - factor * expected) <= 1e-14 * abs expected, $"{op}: read back it gives {again} for {expected}.")
                  with :? AutodiffException as error ->
                      Assert.Contains($"{op} has no form", error.Message)
                      op ]

    Assert.Empty [ for op in without do if typeof<Expr>.GetMethods() |> Array.exists (fun m -> m.Name = string op) then op ]

[<Fact>]
let ``A derivative is not quoted as the function`` () =
    for f in [ zeta; binomial (scalar 3.5); betaInc (scalar 2.0) (scalar 3.0) ] do
        let error = Assert.Throws<AutodiffException>(fun () -> toQuotation [ x ] (grad f x) |> ignore)
        Assert.Contains("has no form as a function of numbers", error.Message)

    let run, _ = outAndBack (grad digamma x)
    Assert.Equal((polygamma 1 (scalar 0.6)).Value, run 0.6, 14)
    let run, _ = outAndBack (besselJ 2 x)
    Assert.Equal((besselJ 2 (scalar 0.6)).Value, run 0.6, 14)
