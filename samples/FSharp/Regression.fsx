// Logistic regression: a model is a record, and a step of its training maps two of them. Run with: dotnet fsi samples/FSharp/Regression.fsx
#r "nuget: Autodiff.Functional.FSharp"

open System
open Autodiff

type Model = { Weights: Expr; Bias: Expr }

// Two clouds of points, made by a small generator, so that the output is the same everywhere.
let mutable state = 1u
let uniform () =
    state <- state * 1664525u + 1013904223u
    float state / 4294967296.0

let points = [ for i in 0..199 -> let side = float (i % 2) in [ side * 2.0 + uniform () * 2.0; side + uniform () * 3.0 ], side ]
let inputs = matrix (List.map fst points)
let labels = vector (List.map snd points)

let logits model = matmul inputs model.Weights + model.Bias

/// The mean of −log p(label), by softplus, which neither overflows nor loses small terms.
let loss model =
    let z = logits model
    mean (softplus z - labels * z) + 0.001 * sum (model.Weights * model.Weights)

let descend = compile (valueAndGrad loss)

let rec train steps model =
    let value, gradient = descend model

    if steps % 100 = 0 then
        printfn "loss %.6f" value.Value

    if steps = 0 then
        model
    else
        train (steps - 1) { Weights = model.Weights - 0.5 * gradient.Weights; Bias = model.Bias - 0.5 * gradient.Bias }

let model = train 400 { Weights = zeros [ 2 ]; Bias = scalar 0.0 }
let right = mean ((logits model >. 0.0) =. labels)
printfn "weights [%.4f, %.4f], bias %.4f, right: %.1f %%" model.Weights.[0].Value model.Weights.[1].Value model.Bias.Value (100.0 * right.Value)

// How certain the weights are: the inverse of the Hessian over all parameters.
let covariance = inverse (200 * hessian loss model)
printfn "standard errors: %s" (String.Join(", ", [ for v in (sqrt (diag covariance)).ToArray() -> v.ToString("F4", Globalization.CultureInfo.InvariantCulture) ]))
