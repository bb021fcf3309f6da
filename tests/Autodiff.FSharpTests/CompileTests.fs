// Compiled functions from F#: functions, lambdas, records and tuples.
module Autodiff.FSharpTests.CompileTests

open System
open Autodiff.Functional
open Xunit

type Layer = { Weight: Expr; Bias: Expr; Name: string }

let private number (value: float) : Expr = Expr.op_Implicit value

let private square (x: Expr) = x * x

[<Fact>]
let ``Functions and lambdas of expressions are compiled`` () =
    let compiled: Func<Expr, Expr> = AD.Compile(square)
    Assert.Equal(9.0, compiled.Invoke(3.0).Value)
    Assert.Equal(9.0, AD.Compile(fun (x: Expr) -> x * x).Invoke(3.0).Value)
    Assert.Equal(9.0, AD.Compile(fun x -> square x).Invoke(3.0).Value)
    Assert.Equal(6.0, AD.Compile(fun (x: Expr) (y: Expr) -> x * y).Invoke(2.0, 3.0).Value)
    Assert.Equal(9.0, AD.Compile(square, CompileOptions(Interpret = true)).Invoke(3.0).Value)

[<Fact>]
let ``What transforms return is compiled`` () =
    Assert.Equal(6.0, AD.Compile(AD.Grad(square)).Invoke(3.0).Value)
    Assert.Equal(2.0, AD.Grad(AD.Grad(AD.Compile(square))).Invoke(3.0).Value)
    let struct (value, slope) = AD.Compile(AD.ValueAndGrad(square)).Invoke(3.0)
    Assert.Equal((9.0, 6.0), (value.Value, slope.Value))
    let struct (byX, byY) = AD.Compile(AD.Grad(fun x y -> x * x * y)).Invoke(2.0, 3.0)
    Assert.Equal((12.0, 4.0), (byX.Value, byY.Value))
    let struct (again, _) = AD.Compile(AD.ValueAndGrad(square), CompileOptions(Interpret = true)).Invoke(3.0)
    Assert.Equal(9.0, again.Value)

[<Fact>]
let ``Functions of records are compiled`` () =
    let layer = { Weight = number 2.0; Bias = number 3.0; Name = "first" }
    let double (p: Layer) = { p with Weight = p.Weight + p.Weight }
    Assert.Equal(4.0, AD.Compile(double).Invoke(layer).Weight.Value)
    Assert.Equal("first", AD.Compile(double).Invoke(layer).Name)
    let gradient = AD.Compile(AD.Grad(fun (p: Layer) -> p.Weight * p.Bias)).Invoke(layer)
    Assert.Equal((3.0, 2.0, "first"), (gradient.Weight.Value, gradient.Bias.Value, gradient.Name))

[<Fact>]
let ``Functions of numbers become delegates of numbers`` () =
    let compiled: Func<float, float> = AD.CompileScalar(square)
    Assert.Equal(9.0, compiled.Invoke 3.0)
    let struct (value, slope) = AD.CompileScalar(AD.ValueAndGrad(square)).Invoke 3.0
    Assert.Equal((9.0, 6.0), (value, slope))
    let struct (byX, byY) = AD.CompileScalar(AD.Grad(fun x y -> x * x * y)).Invoke(2.0, 3.0)
    Assert.Equal((12.0, 4.0), (byX, byY))

[<Fact>]
let ``Functions for known shapes fill arrays`` () =
    let compiled = AD.CompileFor(AD.Grad(fun x -> Expr.Sum(x * x)), Shape(ReadOnlySpan [| 3 |]))
    let results: float[] = Array.zeroCreate 3
    compiled.Invoke(ReadOnlySpan [| 1.0; 2.0; 3.0 |], Span results)
    Assert.Equal<float[]>([| 2.0; 4.0; 6.0 |], results)
    Assert.Equal(2, AD.CompileFor((fun (x: Expr) -> struct (x, x)), Shape.Scalar).ResultSize)
