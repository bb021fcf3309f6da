// The curried functions of the F# package, as a person would write them.
module Autodiff.FSharpTests.CurriedTests

open Autodiff
open Xunit

let private toValue (x: Expr) = x.Value

let private near (expected: float) (actual: Expr) = Assert.Equal(expected, actual.Value, 12)

let private elements (expected: float list) (actual: Expr) =
    Assert.Equal(expected.Length, actual.Shape.Size)
    List.iter2 (fun (e: float) (a: float) -> Assert.Equal(e, a, 12)) expected (List.ofArray (actual.ToArray()))

type Model = { Weight: Expr; Bias: Expr }

type Shape2 =
    | Circle of radius: Expr
    | Box of width: Expr * height: Expr

[<Fact>]
let ``Gradients and gradients of gradients`` () =
    near (cos 1.0 + sin 1.0) (grad (fun x -> sin x * x) (scalar 1.0))
    near (2.0 * cos 1.0 - sin 1.0) (grad (grad (fun x -> sin x * x)) (scalar 1.0))
    elements [ 2.0; 4.0 ] (vector [ 1.0; 2.0 ] |> grad (fun x -> sum (x * x)))
    elements [ 2.0; 1.0 ] (grad (fun (x: Expr) -> x.[0] * x.[1]) (vector [ 1.0; 2.0 ]))

[<Fact>]
let ``Values with gradients, derivatives of any order, and series`` () =
    let value, gradient = valueAndGrad (fun x -> x * x) (scalar 3.0)
    near 9.0 value
    near 6.0 gradient
    near 24.0 (diff 3 (fun x -> pown x 4) (scalar 1.0))
    Assert.Equal<float list>([ 8.0; 12.0; 12.0; 6.0 ], derivatives 3 (fun x -> pown x 3) (scalar 2.0) |> List.map toValue)
    Assert.Equal<float list>([ 8.0; 12.0; 6.0; 1.0 ], taylor 3 (fun x -> pown x 3) (scalar 2.0) |> List.map toValue)

[<Fact>]
let ``Jacobians, Hessians and products with them`` () =
    let f (x: Expr) = stack [ x.[0] * x.[1]; sin x.[0] ]
    let x = vector [ 1.0; 2.0 ]
    elements [ 2.0; 1.0; cos 1.0; 0.0 ] (jacobian f x)
    let products, total = jacobians (fun (x: Expr) -> x.[0] * x, sum x) x
    elements [ 2.0; 0.0; 2.0; 1.0 ] products
    elements [ 1.0; 1.0 ] total
    let g (x: Expr) = x.[0] * x.[0] * x.[1]
    elements [ 4.0; 2.0; 2.0; 0.0 ] (hessian g x)
    elements [ 6.0; 2.0 ] (hvp g x (vector [ 1.0; 1.0 ]))
    let value, pullback = vjp f x
    elements [ 2.0; sin 1.0 ] value
    elements [ 2.0 + cos 1.0; 1.0 ] (pullback (vector [ 1.0; 1.0 ]))
    let value, tangent = jvp f x (vector [ 1.0; 0.0 ])
    elements [ 2.0; sin 1.0 ] value
    elements [ 2.0; cos 1.0 ] tangent
    let _, push = linearize f x
    elements [ 1.0; 0.0 ] (push (vector [ 0.0; 1.0 ]))
    near 14.0 (laplacian (fun (x: Expr) -> sum (x * x) * scalar 3.5) x)
    near 3.0 (divergence (fun (x: Expr) -> stack [ x.[0] + x.[1]; scalar 2.0 * x.[1] ]) x)
    elements [ 0.0; 0.0; 2.0 ] (curl (fun (x: Expr) -> stack [ -x.[1]; x.[0]; scalar 0.0 ]) (vector [ 1.0; 2.0; 3.0 ]))

[<Fact>]
let ``Batches, compiled functions, and their composition`` () =
    elements [ 2.0; 4.0; 6.0 ] (vmap (grad (fun x -> x * x)) (vector [ 1.0; 2.0; 3.0 ]))
    elements [ 2.0; 4.0; 6.0 ] ((grad >> vmap >> compile) (fun x -> x * x) (vector [ 1.0; 2.0; 3.0 ]))
    let f = compile (fun (x: Expr, y: Expr) -> sin x * y)
    near (sin 1.0 * 2.0) (f (scalar 1.0, scalar 2.0))
    let rows = matrix [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ]; [ 5.0; 6.0 ] ]
    elements [ 5.0; 11.0; 17.0 ] (vmapIn [ Some 0; None ] (fun (x, w) -> dot x w) (rows, vector [ 1.0; 2.0 ]))
    elements [ 9.0; 12.0 ] (vmapIn [ Some 1 ] sum rows)
    elements [ 2.0 ] (reshape [ 1 ] (checkpoint (fun x -> x * x) (scalar (sqrt 2.0))))
    near 3.0 (grad (fun x -> stopGradient x * x) (scalar 3.0))

[<Fact>]
let ``Tuples, records, unions, lists, maps and options are parameters`` () =
    let byX, byY = grad (fun (x, y) -> x * x * y) (scalar 2.0, scalar 3.0)
    near 12.0 byX
    near 4.0 byY
    let model = { Weight = scalar 2.0; Bias = scalar 1.0 }
    let slope = grad (fun p -> pown (p.Weight * scalar 3.0 + p.Bias) 2) model
    near 42.0 slope.Weight
    near 14.0 slope.Bias
    let anonymous = grad (fun (p: {| A: Expr; B: Expr |}) -> p.A * p.B) {| A = scalar 2.0; B = scalar 3.0 |}
    near 3.0 anonymous.A

    let area shape =
        match shape with
        | Circle radius -> radius * radius
        | Box(width, height) -> width * height

    match grad area (Box(scalar 2.0, scalar 3.0)) with
    | Box(width, height) ->
        near 3.0 width
        near 2.0 height
    | other -> failwith $"the case changed: {other}"

    Assert.Equal<float list>([ 3.0; 2.0 ], grad (fun (xs: Expr list) -> xs[0] * xs[1]) [ scalar 2.0; scalar 3.0 ] |> List.map toValue)
    let byKey = grad (fun (p: Map<string, Expr>) -> p["a"] * p["b"]) (Map [ "a", scalar 2.0; "b", scalar 3.0 ])
    near 3.0 byKey["a"]
    Assert.Equal(Some 4.0, grad (fun (x: Expr option) -> match x with Some x -> x * x | None -> scalar 0.0) (Some(scalar 2.0)) |> Option.map toValue)
    elements [ 2.0; 0.0; 0.0; 6.0 ] (hessian (fun (x: Expr, y: Expr) -> x * x + y * y * y) (scalar 1.0, scalar 1.0))

[<Fact>]
let ``Loops take states of tuples, and branches are nodes`` () =
    let fibonacci, _ = fold (fun (a, b) (_: Expr) -> b, a + b) (scalar 0.0, scalar 1.0) (vector [ 1.0; 2.0; 3.0; 4.0; 5.0 ])
    near 5.0 fibonacci
    near 6.0 (fold (fun s x -> s * x) (scalar 1.0) (vector [ 1.0; 2.0; 3.0 ]))
    let final, outputs = scan (fun s x -> s + x, s * x) (scalar 0.0) (vector [ 1.0; 2.0; 3.0 ])
    near 6.0 final
    elements [ 0.0; 2.0; 9.0 ] outputs
    near 8.0 (iterate 3 (fun x -> x + x) (scalar 1.0))
    let n, power = whileLoop (fun (_, p: Expr) -> p <. 100.0) (fun (n: Expr, p) -> n + 1.0, p * 2.0) (scalar 0.0, scalar 1.0)
    near 7.0 n
    near 128.0 power
    near 3.0 (cond (scalar 2.0 >. 1.0) (fun () -> scalar 3.0) (fun () -> scalar 4.0))
    near 6.0 (grad (fun x -> cond (x >. 0.0) (fun () -> x * x) (fun () -> -x)) (scalar 3.0))
    let gradient = grad (fun (w: Expr) -> fold (fun (a, b) x -> b, a * x + w * b) (scalar 1.0, w) (vector [ 1.0; 2.0 ]) |> snd) (scalar 0.5)
    // The states are (1, w), (w, 1 + w²), (1 + w², 2w + w + w³).
    near (3.0 + 3.0 * 0.25) gradient

[<Fact>]
let ``Roots, fixed points and minima have implicit derivatives`` () =
    near (0.5 / sqrt 2.0) (grad (fun a -> root (fun x -> x * x - a) (scalar 1.0)) (scalar 2.0))
    let half = grad (fun a -> fixedPoint (fun x -> (x + a / x) / 2.0) (scalar 1.0)) (scalar 2.0)
    near (0.5 / sqrt 2.0) half
    Assert.Equal(1.0, (grad (fun a -> argMin (fun x -> pown (x - a) 2) (scalar 0.0)) (scalar 3.0)).Value, 6)

[<Fact>]
let ``DiffSharp's names`` () =
    let f (x: Expr) = x.[0] * x.[0] * x.[1]
    let x, v = vector [ 1.0; 2.0 ], vector [ 1.0; 1.0 ]
    let value, gradient = fgrad f x
    near 2.0 value
    elements [ 4.0; 1.0 ] gradient
    near 5.0 (gradv f x v)
    near 5.0 (snd (fgradv f x v))
    elements [ 4.0; 1.0 ] (fst (gradhessian f x))
    elements [ 4.0; 2.0; 2.0; 0.0 ] (snd (gradhessian f x))
    let _, _, h = fgradhessian f x
    elements [ 4.0; 2.0; 2.0; 0.0 ] h
    elements [ 6.0; 2.0 ] (hessianv f x v)
    elements [ 6.0; 2.0 ] (snd (fhessianv f x v))
    elements [ 6.0; 2.0 ] (snd (gradhessianv f x v))
    let _, along, product = fgradhessianv f x v
    near 5.0 along
    elements [ 6.0; 2.0 ] product
    elements [ 4.0; 2.0; 2.0; 0.0 ] (snd (fhessian f x))
    near 4.0 (snd (flaplacian f x))
    near 12.0 (snd (fdiff (fun x -> pown x 3) (scalar 2.0)))
    near 12.0 (diffn 2 (fun x -> pown x 3) (scalar 2.0))
    near 12.0 (snd (fdiffn 2 (fun x -> pown x 3) (scalar 2.0)))
    near 12.0 (diff2 (fun x -> pown x 3) (scalar 2.0))
    near 12.0 (snd (fdiff2 (fun x -> pown x 3) (scalar 2.0)))
    Assert.Equal<float[]>([| 8.0; 12.0; 12.0; 6.0 |], Array.map toValue (ffdiffn 3 (fun x -> pown x 3) (scalar 2.0)))
    let g (x: Expr) = stack [ x.[0] * x.[1]; x.[1] ]
    elements [ 2.0; 1.0; 0.0; 1.0 ] (snd (fjacobian g x))
    elements [ 3.0; 1.0 ] (jacobianv g x v)
    elements [ 3.0; 1.0 ] (snd (fjacobianv g x v))
    elements [ 2.0; 2.0 ] (jacobianTv g x v)
    elements [ 2.0; 2.0 ] (snd (fjacobianTv g x v))
    near 3.0 (snd (fdivergence g x))
    let field (x: Expr) = stack [ -x.[1]; x.[0]; x.[2] ]
    let p = vector [ 1.0; 2.0; 3.0 ]
    elements [ 0.0; 0.0; 2.0 ] (snd (fcurl field p))
    near 1.0 (snd (curldivergence field p))
    let _, _, d = fcurldivergence field p
    near 1.0 d

module ShortNames =

    open Autodiff.Shorten

    [<Fact>]
    let ``DiffSharp's short names are those of a module of their own`` () =
        let f (x: Expr) = x.[0] * x.[0] * x.[1]
        let x, v = vector [ 1.0; 2.0 ], vector [ 1.0; 1.0 ]
        let gradient, matrix, product = [ 4.0; 1.0 ], [ 4.0; 2.0; 2.0; 0.0 ], [ 6.0; 2.0 ]
        elements gradient (g f x)
        elements gradient (snd (fg f x))
        near 5.0 (gvp f x v)
        near 5.0 (snd (fgvp f x v))
        elements matrix (h f x)
        elements matrix (snd (fh f x))
        elements product (hvp f x v)
        elements product (snd (fhvp f x v))
        elements matrix (snd (gh f x))
        let _, slope, curvature = fgh f x
        elements gradient slope
        elements matrix curvature
        elements product (snd (ghvp f x v))
        let value, along, _ = fghvp f x v
        near 2.0 value
        near 5.0 along
        let field (x: Expr) = stack [ x.[0] * x.[1]; x.[1] ]
        elements [ 2.0; 1.0; 0.0; 1.0 ] (j field x)
        elements [ 2.0; 1.0; 0.0; 1.0 ] (snd (fj field x))
        elements [ 3.0; 1.0 ] (jvp field x v)
        elements [ 3.0; 1.0 ] (snd (fjvp field x v))
        elements [ 2.0; 2.0 ] (vjp field x v)
        elements [ 2.0; 2.0 ] (snd (fvjp field x v))
