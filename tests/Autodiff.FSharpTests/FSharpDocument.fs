// The code of docs/fsharp.md and of the READMEs, block by block, with what it prints: DocumentTests reads this file.
module Autodiff.FSharpTests.FSharpDocument

open Autodiff
open Xunit

let private shows (expected: string) (x: obj) = Assert.Equal(expected, sprintf "%A" x)

[<Fact>]
let ``readme`` () =
    let f (x: Expr) = sin x * exp -x + 2 * x * x

    shows "3.8892062346933005" (grad f (scalar 1.0))
    shows "3.602467779307174" (grad (grad f) (scalar 1.0))
    shows "x * cos(x) + sin(x)" (grad (fun x -> sin x * x) (variable "x"))

[<Fact>]
let ``expressions`` () =
    let x = vector [ 1.0; 2.0; 3.0 ]
    let a = matrix [ [ 1; 2; 3 ]; [ 4; 5; 6 ] ]
    let t = tensor [ 2; 1; 2 ] [ 1; 2; 3; 4 ]
    let s = variable "s"

    shows "[3, 5, 7]" (2 * x + 1)
    shows "[2, 3]" x.[1..]
    shows "[2, 5]" a.[*, 1]
    shows "[[1], [3]]" t.[*, *, 0]
    shows "[14, 32]" (matmul a x)
    shows "[0, 0, 1]" (x >. 2.0)
    shows "[0, 2, 3]" (where (x >. 1.0) x 0.0)
    shows "sin(2 * y)" (substitute [ s, 2 * variable "y" ] (sin s))
    shows "3.0" (evaluate [ s, 1.5 ] (2 * s))
    shows "14" (List.sum [ for i in 0..2 -> x.[i] ** 2 ])

[<Fact>]
let ``transforms`` () =
    let f (x: Expr) = sum (x ** 3)
    let x = vector [ 1.0; 2.0 ]
    let v = vector [ 1.0; 0.0 ]

    shows "[3, 12]" (grad f x)
    shows "(9, [3, 12])" (valueAndGrad f x)
    shows "[[6, 0], [0, 12]]" (hessian f x)
    shows "[6, 0]" (hvp f x v)
    shows "(9, 3)" (jvp f x v)
    shows "[6, 24]" (snd (vjp f x) (scalar 2.0))
    shows "[8; 12; 12; 6]" (derivatives 3 f (scalar 2.0))
    shows "[[3, 12], [27, 48]]" ((grad >> vmap >> compile) f (matrix [ [ 1; 2 ]; [ 3; 4 ] ]))

type Line = { Slope: Expr; Intercept: Expr }

[<Fact>]
let ``parameters`` () =
    let loss line = pown (line.Slope * 2.0 + line.Intercept - 1.0) 2
    let gradient = grad loss { Slope = scalar 1.0; Intercept = scalar 0.5 }

    shows "6" gradient.Slope
    shows "3" gradient.Intercept
    shows "(12, 4)" (grad (fun (x, y) -> x * x * y) (scalar 2.0, scalar 3.0))
    shows "[3; 2]" (grad (fun (xs: Expr list) -> xs[0] * xs[1]) [ scalar 2.0; scalar 3.0 ])

[<Fact>]
let ``programs`` () =
    let growth (rate: Expr) = iterate 10 (fun x -> x + rate * x * (1 - x)) (scalar 0.1)
    let fibonacci = fold (fun (a, b) (_: Expr) -> b, a + b) (scalar 0.0, scalar 1.0) (zeros [ 10 ])
    let halvings (x: Expr) = whileLoop (fun x -> x >. 1.0) (fun x -> x / 2) x
    let squareRoot (a: Expr) = root (fun x -> x * x - a) (scalar 1.0)

    shows "0.951236389313662" (growth (scalar 0.5))
    shows "0.6349505270278444" (grad growth (scalar 0.5))
    shows "(55, 89)" fibonacci
    shows "0.0625" (grad halvings (scalar 10.0))
    shows "0.35355339059327373" (grad squareRoot (scalar 2.0))

    let options = { LoopOptions.Default with Limit = 1000; Progress = Some(fun step -> printfn $"{step.Iteration}: {step.Value}") }
    let watched (x: Expr) = whileLoopWith options (fun x -> x >. 1.0) (fun x -> x / 2) x
    let precise (a: Expr) = rootWith { SearchOptions.Default with MaxSteps = 1000 } (fun x -> x * x - a) (scalar 1.0)

    shows "0.625" (watched (scalar 10.0))
    shows "1.4142135623730951" (precise (scalar 2.0))

[<Fact>]
let ``patterns`` () =
    let rec derive e =
        match e with
        | Const _ -> scalar 0.0
        | Var _ -> scalar 1.0
        | Add(a, b) -> derive a + derive b
        | Mul(a, b) -> derive a * b + a * derive b
        | Sin a -> cos a * derive a
        | other -> failwith $"no rule for {other.Op}"

    let x = variable "x"

    shows "cos(x) * 1 * x + sin(x) * 1" (derive (sin x * x))

[<Fact>]
let ``quotations`` () =
    let x = variable "x"

    shows "sin(x) * x" (ofQuotation <@ fun x -> sin x * x @>)
    shows "exp(sin(x))" (ofQuotation <@ fun x -> x |> sin |> exp @>)
    shows "x * cos(x) + sin(x)" (grad (applyQuotation <@ fun x -> sin x * x @>) x)
    shows "Lambda (x, Call (None, op_Multiply, [Call (None, Sin, [x]), x]))" (toQuotation [ x ] (sin x * x))
