// Derivatives as functions: worked examples. Run with: dotnet fsi samples/FSharp/Derivatives.fsx
#r "nuget: Autodiff.Functional.FSharp"

open Autodiff

// A function is an F# function, and so is its derivative.
let f (x: Expr) = sin x * x
printfn "f(1)    = %A" (f (scalar 1.0))
printfn "f'(1)   = %A" (grad f (scalar 1.0))
printfn "f''(1)  = %A" (grad (grad f) (scalar 1.0))
printfn "f⁽⁵⁾(1) = %A" (diff 5 f (scalar 1.0))

// Of a symbolic variable it is a formula.
let x = variable "x"
printfn "f'      = %A" (grad f x)

// Parameters are tuples, records, lists: the gradient has their form.
let byX, byY = grad (fun (x, y) -> x * x * y) (scalar 2.0, scalar 3.0)
printfn "∂/∂x, ∂/∂y of x²y at (2, 3): %A, %A" byX byY

// Combinators compose.
let slopes = (grad >> vmap >> compile) f
printfn "f' at 0, 1, 2: %A" (slopes (vector [ 0.0; 1.0; 2.0 ]))

// Both directions of the chain rule.
let polar (p: Expr) = vector [ p.[0] * cos p.[1]; p.[0] * sin p.[1] ]
let at = vector [ 2.0; 0.5 ]
let _, pullback = vjp polar at
printfn "Jacobian:        %A" (jacobian polar at)
printfn "from the left:   %A" (pullback (vector [ 1.0; 0.0 ]))
printfn "from the right:  %A" (snd (jvp polar at (vector [ 1.0; 0.0 ])))

// A tree is read with patterns: the terms of a sum.
let rec terms e =
    match e with
    | Add(a, b) -> terms a @ terms b
    | other -> [ other ]

printfn "terms: %A" (terms (x * x + sin x + 3))

// A quotation is a function too.
printfn "quoted: %A" (grad (applyQuotation <@ fun x -> exp (-x * x) @>) x)
