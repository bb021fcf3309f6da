// F#'s operators and functions on dual numbers and jets, and lambdas handed to Forward.
module Autodiff.FSharpTests.ForwardTests

open System
open System.Numerics
open Autodiff.Functional
open Xunit

[<Fact>]
let ``A lambda is differentiated with F#'s own functions`` () =
    let slope = Forward.Diff(fun (x: Dual<float>) -> sin x * exp -x + 2.0 * x * x)
    Assert.Equal((cos 0.7 - sin 0.7) * exp -0.7 + 4.0 * 0.7, slope.Invoke 0.7, 14)
    Assert.Equal(sinh 0.7, Forward.Diff(fun (x: Dual<float>) -> cosh x).Invoke 0.7, 14)
    Assert.Equal(2.5 * 0.7 ** 1.5, Forward.Diff(fun (x: Dual<float>) -> x ** Dual<float>.Constant 2.5).Invoke 0.7, 14)

[<Fact>]
let ``A gradient of an array and of several numbers`` () =
    let gradient = Forward.Grad(fun (x: Jet<float>[]) -> x[0] * x[1] + sqrt x[2])
    Assert.Equal<float[]>([| 3.0; 2.0; 0.25 |], gradient.Invoke [| 2.0; 3.0; 4.0 |])
    let struct (byX, byY) = Forward.Grad(fun (x: Jet<float>) (y: Jet<float>) -> x * x * y).Invoke(3.0, 2.0)
    Assert.Equal((12.0, 9.0), (byX, byY))
    let hessian = Forward.Hessian(fun (x: Jet<Dual<float>>[]) -> x[0] * x[0] * x[1]).Invoke [| 3.0; 2.0 |]
    Assert.Equal(6.0, hessian[0, 1])

[<Fact>]
let ``A generic function runs on floats and on dual numbers`` () =
    let inline cube (x: ^T) = x * x * x
    let y = cube (Dual<float>.Variable 2.0)
    Assert.Equal(cube 2.0, y.Primal)
    Assert.Equal(12.0, y.Tangent)
