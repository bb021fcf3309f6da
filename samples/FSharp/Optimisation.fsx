// Newton's method by hand, and a minimum as a function of a parameter. Run with: dotnet fsi samples/FSharp/Optimisation.fsx
#r "nuget: Autodiff.Functional.FSharp"

open Autodiff

/// Rosenbrock's valley, in any number of dimensions.
let valley (x: Expr) =
    let rise = x.[1..] - x.[.. x.Shape[0] - 2] ** 2
    sum (100 * rise ** 2 + (1 - x.[.. x.Shape[0] - 2]) ** 2)

/// Newton's method: x ← x − H⁻¹g.
let newton (f: Expr -> Expr) =
    let step = compile (fun x -> x - solve (hessian f x) (grad f x))

    let rec next n x =
        printfn "%2d  f = %.3e  |∇f| = %.1e" n (f x).Value (norm (grad f x)).Value
        if n = 30 || (norm (grad f x)).Value < 1e-3 then x else next (n + 1) (step x)

    next 0

let best = newton valley (vector [ -1.2; 1.0; 1.0 ])
printfn "at [%.6f, %.6f, %.6f]" best.[0].Value best.[1].Value best.[2].Value

// The place of a minimum is a function of what it depends on, and has a derivative.
let place a = argMin (fun x -> (x - a) ** 2 + x ** 4 / 4) (scalar 0.5)
printfn "argmin = %.6f, its derivative in a = %.6f" (place (scalar 2.0)).Value (grad place (scalar 2.0)).Value
