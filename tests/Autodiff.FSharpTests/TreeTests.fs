// F# records, unions, tuples, lists and maps as parameter trees.
module Autodiff.FSharpTests.TreeTests

open Autodiff.Functional
open Xunit

type Layer = { Weight: Expr; Bias: Expr; Name: string }

type Network = { Layers: Layer list; Scale: Expr option; Seed: int }

[<Struct>]
type Point = { X: Expr; Y: Expr }

type Part =
    | Affine of weight: Expr * bias: Expr
    | Shift of Expr
    | Nothing

let private number (value: float) : Expr = Expr.op_Implicit value

let private network =
    { Layers =
        [ { Weight = number 2.0; Bias = number 1.0; Name = "first" }
          { Weight = number 3.0; Bias = number -1.0; Name = "second" } ]
      Scale = Some(number 0.5)
      Seed = 42 }

let private run (p: Network) (x: Expr) =
    let y = p.Layers |> List.fold (fun y layer -> layer.Weight * y + layer.Bias) x
    match p.Scale with
    | Some scale -> scale * y
    | None -> y

[<Fact>]
let ``The gradient over a record is a record`` () =
    // y = s (v (w x + b) + c) at w = 2, b = 1, v = 3, c = −1, s = ½, x = 4.
    let gradient = AD.Grad(fun p -> run p (number 4.0)).Invoke(network)
    let first, second = gradient.Layers[0], gradient.Layers[1]
    Assert.Equal((6.0, 1.5), (first.Weight.Value, first.Bias.Value))
    Assert.Equal((4.5, 0.5), (second.Weight.Value, second.Bias.Value))
    Assert.Equal(Some 26.0, gradient.Scale |> Option.map (fun scale -> scale.Value))
    Assert.Equal(("first", "second", 42), (first.Name, second.Name, gradient.Seed))

[<Fact>]
let ``Paths name the fields of records`` () =
    let paths = Tree.Flatten network |> Seq.map (fun struct (path, _) -> path)
    Assert.Equal<string seq>(
        [ "Layers[0].Weight"; "Layers[0].Bias"; "Layers[1].Weight"; "Layers[1].Bias"; "Scale.Value" ], paths)

[<Fact>]
let ``An option of none stays none`` () =
    let gradient = AD.Grad(fun p -> run p (number 4.0)).Invoke({ network with Scale = None })
    Assert.True gradient.Scale.IsNone
    Assert.Equal(9.0, gradient.Layers[1].Weight.Value)

[<Fact>]
let ``A step of gradient descent is a map of two trees`` () =
    let loss p = Expr.Pow(run p (number 4.0), number 2.0)
    let struct (before, gradient) = AD.ValueAndGrad(loss).Invoke(network)
    let stepped = Tree.Map2(network, gradient, fun p g -> p - number 1e-4 * g)
    Assert.True((loss stepped).Value < before.Value)
    Assert.Equal("first", stepped.Layers.Head.Name)

[<Fact>]
let ``Tuples, struct tuples and struct records are trees`` () =
    let byTuple = AD.Grad(fun (a: Expr, b: Expr) -> a * a * b).Invoke((number 2.0, number 3.0))
    Assert.Equal((12.0, 4.0), ((fst byTuple).Value, (snd byTuple).Value))
    let struct (byA, byB) = AD.Grad(fun (struct (a: Expr, b: Expr)) -> a * a * b).Invoke(struct (number 2.0, number 3.0))
    Assert.Equal((12.0, 4.0), (byA.Value, byB.Value))
    let byPoint = AD.Grad(fun (p: Point) -> p.X * p.X * p.Y).Invoke({ X = number 2.0; Y = number 3.0 })
    Assert.Equal((12.0, 4.0), (byPoint.X.Value, byPoint.Y.Value))

[<Fact>]
let ``Anonymous records, arrays and maps are trees`` () =
    let byRecord = AD.Grad(fun (p: {| A: Expr; Bs: Expr[] |}) -> p.A * p.Bs[0] * p.Bs[1]).Invoke({| A = number 2.0; Bs = [| number 3.0; number 5.0 |] |})
    Assert.Equal((15.0, 10.0, 6.0), (byRecord.A.Value, byRecord.Bs[0].Value, byRecord.Bs[1].Value))
    let byKey = AD.Grad(fun (p: Map<string, Expr>) -> p["a"] * p["b"]).Invoke(Map [ "b", number 3.0; "a", number 2.0 ])
    Assert.Equal((3.0, 2.0), (byKey["a"].Value, byKey["b"].Value))

[<Fact>]
let ``Cases of a union are trees`` () =
    let apply parts x =
        (x, parts)
        ||> List.fold (fun y part ->
            match part with
            | Affine(weight, bias) -> weight * y + bias
            | Shift by -> y + by
            | Nothing -> y)

    let parts = [ Affine(number 2.0, number 1.0); Nothing; Shift(number 3.0) ]
    match AD.Grad(fun (p: Part list) -> apply p (number 4.0)).Invoke(parts) with
    | [ Affine(weight, bias); Nothing; Shift by ] -> Assert.Equal((4.0, 1.0, 1.0), (weight.Value, bias.Value, by.Value))
    | other -> failwith $"the cases changed: {other}"

[<Fact>]
let ``Ravelling and back keeps the tree`` () =
    let struct (vector, unravel) = Tree.Ravel network
    Assert.Equal<float[]>([| 2.0; 1.0; 3.0; -1.0; 0.5 |], vector.ToArray())
    let doubled = unravel.Invoke(vector + vector)
    Assert.Equal(Some 1.0, doubled.Scale |> Option.map (fun scale -> scale.Value))
    Assert.Equal(-2.0, doubled.Layers[1].Bias.Value)

[<Fact>]
let ``A function from a tree to a tree has a pullback and a tangent`` () =
    // (w, b) ↦ (w x + b, w²) at w = 2, b = 1, x = 4.
    let apply (layer: Layer) = struct (layer.Weight * number 4.0 + layer.Bias, layer.Weight * layer.Weight)
    let layer = network.Layers.Head
    let struct (struct (y, square), pullback) = AD.Vjp(apply).Invoke(layer)
    Assert.Equal((9.0, 4.0), (y.Value, square.Value))
    let pulled = pullback.Invoke(struct (number 1.0, number 10.0))
    Assert.Equal((44.0, 1.0, "first"), (pulled.Weight.Value, pulled.Bias.Value, pulled.Name))
    let struct (_, struct (dy, dsquare)) = AD.Jvp(fun p -> apply p).Invoke(layer, layer)
    Assert.Equal((9.0, 8.0), (dy.Value, dsquare.Value))
    let struct (_, push) = AD.Linearize(fun p -> [ apply p ]).Invoke(layer)
    match push.Invoke layer with
    | [ struct (again, _) ] -> Assert.Equal(9.0, again.Value)
    | other -> failwith $"the list changed: {other}"

[<Fact>]
let ``A function to an expression takes the overload to an expression`` () =
    let square (x: Expr) = x * x
    let struct (y: Expr, pullback) = AD.Vjp(square).Invoke(number 3.0)
    let struct (_, ofLambda) = AD.Vjp(fun (x: Expr) -> x * x).Invoke(number 3.0)
    let struct (_, ofUntyped) = AD.Vjp(fun x -> x * x).Invoke(number 3.0)
    let struct (_, tangent: Expr) = AD.Jvp(square).Invoke(number 3.0, number 1.0)
    let struct (_, push) = AD.Linearize(fun x -> square x).Invoke(number 3.0)
    Assert.Equal((9.0, 6.0), (y.Value, tangent.Value))
    Assert.Equal((6.0, 6.0), ((pullback.Invoke(number 1.0)).Value, (ofLambda.Invoke(number 1.0)).Value))
    Assert.Equal((6.0, 6.0), ((ofUntyped.Invoke(number 1.0)).Value, (push.Invoke(number 1.0)).Value))
    let struct (loss, back) = AD.Vjp(fun p -> run p (number 4.0)).Invoke(network)
    Assert.Equal(13.0, loss.Value)
    Assert.Equal(Some 26.0, back.Invoke(number 1.0).Scale |> Option.map (fun scale -> scale.Value))

[<Fact>]
let ``What a function returns beside its value is handed on`` () =
    let struct (value, gradient, aux) = AD.GradWithAux<string>(fun (x: Expr) -> struct (x * x, "aux")).Invoke(number 3.0)
    Assert.Equal((9.0, 6.0, "aux"), (value.Value, gradient.Value, aux))

[<Fact>]
let ``A tree of three maps leaf by leaf`` () =
    let sum = Tree.Map3(network, network, network, fun a b c -> a + b * c)
    Assert.Equal(6.0, sum.Layers.Head.Weight.Value)

[<Fact>]
let ``Trees of different structure are refused with both paths`` () =
    let shorter = { network with Layers = [ network.Layers.Head ] }
    let error = Assert.Throws<AutodiffException>(fun () -> AD.Jvp(fun p -> run p (number 4.0)).Invoke(network, shorter) |> ignore)
    Assert.Contains("Layers[1].Weight where the tangent has a leaf at Scale.Value", error.Message)
