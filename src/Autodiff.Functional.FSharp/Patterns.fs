// Active patterns over the nodes of a graph, one for each primitive: match e with Add(a, Mul(Const c, Var x)) -> …
namespace Autodiff

open Autodiff.Functional

/// <summary>Active patterns: the operands of a node of each primitive.</summary>
[<AutoOpen>]
module Patterns =

    /// What a node stands for: in a derivative, a variable without a name stands for the argument.
    let rec private meant (e: Expr) : Expr =
        if e.Op = Op.Variable && e.Name.IsNone && e.Operands.Count = 1 then meant e.Operands[0] else e

    let private operands (op: Op) (e: Expr) : OperandList voption =
        let e = meant e
        if e.Op = op then ValueSome e.Operands else ValueNone

    let private unary (op: Op) (e: Expr) =
        match operands op e with
        | ValueSome all when all.Count = 1 -> Some all[0]
        | _ -> None

    let private binary (op: Op) (e: Expr) =
        match operands op e with
        | ValueSome all when all.Count = 2 -> Some(all[0], all[1])
        | _ -> None

    let private ternary (op: Op) (e: Expr) =
        match operands op e with
        | ValueSome all when all.Count = 3 -> Some(all[0], all[1], all[2])
        | _ -> None

    let private any (op: Op) (e: Expr) =
        match operands op e with
        | ValueSome all -> Some(List.ofSeq all)
        | ValueNone -> None

    /// <summary>A constant scalar: its value.</summary>
    let (|Const|_|) (e: Expr) : float option =
        let e = meant e
        if e.Op = Op.Constant && e.Rank = 0 then Some e.Value else None

    /// <summary>A constant tensor that is no scalar: the node itself.</summary>
    let (|ConstTensor|_|) (e: Expr) : Expr option =
        let e = meant e
        if e.Op = Op.Constant && e.Rank > 0 then Some e else None

    /// <summary>A variable: its name.</summary>
    let (|Var|_|) (e: Expr) : string option =
        let e = meant e
        if e.Op = Op.Variable && e.Name.IsSome then Some(e.Name.IfNone "") else None

    /// <summary>A node of the primitive Negate: the operand.</summary>
    let (|Neg|_|) (e: Expr) : Expr option = unary Op.Negate e

    /// <summary>A node of the primitive Abs: the operand.</summary>
    let (|Abs|_|) (e: Expr) : Expr option = unary Op.Abs e

    /// <summary>A node of the primitive Sign: the operand.</summary>
    let (|Sign|_|) (e: Expr) : Expr option = unary Op.Sign e

    /// <summary>A node of the primitive Sqrt: the operand.</summary>
    let (|Sqrt|_|) (e: Expr) : Expr option = unary Op.Sqrt e

    /// <summary>A node of the primitive Cbrt: the operand.</summary>
    let (|Cbrt|_|) (e: Expr) : Expr option = unary Op.Cbrt e

    /// <summary>A node of the primitive Exp: the operand.</summary>
    let (|Exp|_|) (e: Expr) : Expr option = unary Op.Exp e

    /// <summary>A node of the primitive Exp2: the operand.</summary>
    let (|Exp2|_|) (e: Expr) : Expr option = unary Op.Exp2 e

    /// <summary>A node of the primitive ExpM1: the operand.</summary>
    let (|ExpM1|_|) (e: Expr) : Expr option = unary Op.ExpM1 e

    /// <summary>A node of the primitive Log: the operand.</summary>
    let (|Log|_|) (e: Expr) : Expr option = unary Op.Log e

    /// <summary>A node of the primitive Log2: the operand.</summary>
    let (|Log2|_|) (e: Expr) : Expr option = unary Op.Log2 e

    /// <summary>A node of the primitive Log10: the operand.</summary>
    let (|Log10|_|) (e: Expr) : Expr option = unary Op.Log10 e

    /// <summary>A node of the primitive LogP1: the operand.</summary>
    let (|LogP1|_|) (e: Expr) : Expr option = unary Op.LogP1 e

    /// <summary>A node of the primitive Sin: the operand.</summary>
    let (|Sin|_|) (e: Expr) : Expr option = unary Op.Sin e

    /// <summary>A node of the primitive Cos: the operand.</summary>
    let (|Cos|_|) (e: Expr) : Expr option = unary Op.Cos e

    /// <summary>A node of the primitive Tan: the operand.</summary>
    let (|Tan|_|) (e: Expr) : Expr option = unary Op.Tan e

    /// <summary>A node of the primitive Asin: the operand.</summary>
    let (|Asin|_|) (e: Expr) : Expr option = unary Op.Asin e

    /// <summary>A node of the primitive Acos: the operand.</summary>
    let (|Acos|_|) (e: Expr) : Expr option = unary Op.Acos e

    /// <summary>A node of the primitive Atan: the operand.</summary>
    let (|Atan|_|) (e: Expr) : Expr option = unary Op.Atan e

    /// <summary>A node of the primitive Sinh: the operand.</summary>
    let (|Sinh|_|) (e: Expr) : Expr option = unary Op.Sinh e

    /// <summary>A node of the primitive Cosh: the operand.</summary>
    let (|Cosh|_|) (e: Expr) : Expr option = unary Op.Cosh e

    /// <summary>A node of the primitive Tanh: the operand.</summary>
    let (|Tanh|_|) (e: Expr) : Expr option = unary Op.Tanh e

    /// <summary>A node of the primitive Asinh: the operand.</summary>
    let (|Asinh|_|) (e: Expr) : Expr option = unary Op.Asinh e

    /// <summary>A node of the primitive Acosh: the operand.</summary>
    let (|Acosh|_|) (e: Expr) : Expr option = unary Op.Acosh e

    /// <summary>A node of the primitive Atanh: the operand.</summary>
    let (|Atanh|_|) (e: Expr) : Expr option = unary Op.Atanh e

    /// <summary>A node of the primitive Sigmoid: the operand.</summary>
    let (|Sigmoid|_|) (e: Expr) : Expr option = unary Op.Sigmoid e

    /// <summary>A node of the primitive Softplus: the operand.</summary>
    let (|Softplus|_|) (e: Expr) : Expr option = unary Op.Softplus e

    /// <summary>A node of the primitive Relu: the operand.</summary>
    let (|Relu|_|) (e: Expr) : Expr option = unary Op.Relu e

    /// <summary>A node of the primitive Floor: the operand.</summary>
    let (|Floor|_|) (e: Expr) : Expr option = unary Op.Floor e

    /// <summary>A node of the primitive Ceiling: the operand.</summary>
    let (|Ceiling|_|) (e: Expr) : Expr option = unary Op.Ceiling e

    /// <summary>A node of the primitive Round: the operand.</summary>
    let (|Round|_|) (e: Expr) : Expr option = unary Op.Round e

    /// <summary>A node of the primitive Erf: the operand.</summary>
    let (|Erf|_|) (e: Expr) : Expr option = unary Op.Erf e

    /// <summary>A node of the primitive Erfc: the operand.</summary>
    let (|Erfc|_|) (e: Expr) : Expr option = unary Op.Erfc e

    /// <summary>A node of the primitive Gamma: the operand.</summary>
    let (|Gamma|_|) (e: Expr) : Expr option = unary Op.Gamma e

    /// <summary>A node of the primitive LogGamma: the operand.</summary>
    let (|LogGamma|_|) (e: Expr) : Expr option = unary Op.LogGamma e

    /// <summary>A node of the primitive Digamma: the operand.</summary>
    let (|Digamma|_|) (e: Expr) : Expr option = unary Op.Digamma e

    /// <summary>A node of the primitive LambertW: the operand.</summary>
    let (|LambertW|_|) (e: Expr) : Expr option = unary Op.LambertW e

    /// <summary>A node of the primitive Sinc: the operand.</summary>
    let (|Sinc|_|) (e: Expr) : Expr option = unary Op.Sinc e

    /// <summary>A node of the primitive NormalCdf: the operand.</summary>
    let (|NormalCdf|_|) (e: Expr) : Expr option = unary Op.NormalCdf e

    /// <summary>A node of the primitive LogNormalCdf: the operand.</summary>
    let (|LogNormalCdf|_|) (e: Expr) : Expr option = unary Op.LogNormalCdf e

    /// <summary>A node of the primitive NormalQuantile: the operand.</summary>
    let (|NormalQuantile|_|) (e: Expr) : Expr option = unary Op.NormalQuantile e

    /// <summary>A node of the primitive LogisticDensity: the operand.</summary>
    let (|LogisticDensity|_|) (e: Expr) : Expr option = unary Op.LogisticDensity e

    /// <summary>A node of the primitive AsinDerivative: the operand.</summary>
    let (|AsinDerivative|_|) (e: Expr) : Expr option = unary Op.AsinDerivative e

    /// <summary>A node of the primitive PlusZero: the operand.</summary>
    let (|PlusZero|_|) (e: Expr) : Expr option = unary Op.PlusZero e

    /// <summary>A node of the primitive StopGradient: the operand.</summary>
    let (|StopGradient|_|) (e: Expr) : Expr option = unary Op.StopGradient e

    /// <summary>A node of the primitive Add: both operands.</summary>
    let (|Add|_|) (e: Expr) : (Expr * Expr) option = binary Op.Add e

    /// <summary>A node of the primitive Subtract: both operands.</summary>
    let (|Sub|_|) (e: Expr) : (Expr * Expr) option = binary Op.Subtract e

    /// <summary>A node of the primitive Multiply: both operands.</summary>
    let (|Mul|_|) (e: Expr) : (Expr * Expr) option = binary Op.Multiply e

    /// <summary>A node of the primitive Divide: both operands.</summary>
    let (|Div|_|) (e: Expr) : (Expr * Expr) option = binary Op.Divide e

    /// <summary>A node of the primitive Pow: both operands.</summary>
    let (|Power|_|) (e: Expr) : (Expr * Expr) option = binary Op.Pow e

    /// <summary>A node of the primitive Atan2: both operands.</summary>
    let (|Atan2|_|) (e: Expr) : (Expr * Expr) option = binary Op.Atan2 e

    /// <summary>A node of the primitive Hypot: both operands.</summary>
    let (|Hypot|_|) (e: Expr) : (Expr * Expr) option = binary Op.Hypot e

    /// <summary>A node of the primitive DirectionCosine: both operands.</summary>
    let (|DirectionCosine|_|) (e: Expr) : (Expr * Expr) option = binary Op.DirectionCosine e

    /// <summary>A node of the primitive ShareOfNorm: both operands.</summary>
    let (|ShareOfNorm|_|) (e: Expr) : (Expr * Expr) option = binary Op.ShareOfNorm e

    /// <summary>A node of the primitive Min: both operands.</summary>
    let (|Min|_|) (e: Expr) : (Expr * Expr) option = binary Op.Min e

    /// <summary>A node of the primitive Max: both operands.</summary>
    let (|Max|_|) (e: Expr) : (Expr * Expr) option = binary Op.Max e

    /// <summary>A node of the primitive Xlogy: both operands.</summary>
    let (|Xlogy|_|) (e: Expr) : (Expr * Expr) option = binary Op.Xlogy e

    /// <summary>A node of the primitive LogBeta: both operands.</summary>
    let (|LogBeta|_|) (e: Expr) : (Expr * Expr) option = binary Op.LogBeta e

    /// <summary>A node of the primitive Beta: both operands.</summary>
    let (|Beta|_|) (e: Expr) : (Expr * Expr) option = binary Op.Beta e

    /// <summary>A node of the primitive GammaP: both operands.</summary>
    let (|GammaP|_|) (e: Expr) : (Expr * Expr) option = binary Op.GammaP e

    /// <summary>A node of the primitive GammaQ: both operands.</summary>
    let (|GammaQ|_|) (e: Expr) : (Expr * Expr) option = binary Op.GammaQ e

    /// <summary>A node of the primitive Polygamma: the order, a constant, and the operand.</summary>
    let (|Polygamma|_|) (e: Expr) : (Expr * Expr) option = binary Op.Polygamma e

    /// <summary>A node of the primitive BesselJ: the order, a constant, and the operand.</summary>
    let (|BesselJ|_|) (e: Expr) : (Expr * Expr) option = binary Op.BesselJ e

    /// <summary>A node of the primitive BesselI: the order, a constant, and the operand.</summary>
    let (|BesselI|_|) (e: Expr) : (Expr * Expr) option = binary Op.BesselI e

    /// <summary>A node of the primitive GammaDerivative: the order, a constant, and the operand.</summary>
    let (|GammaDerivative|_|) (e: Expr) : (Expr * Expr) option = binary Op.GammaDerivative e

    /// <summary>A node of the primitive SincDerivative: the order, a constant, and the operand.</summary>
    let (|SincDerivative|_|) (e: Expr) : (Expr * Expr) option = binary Op.SincDerivative e

    /// <summary>A node of the primitive LogNormalCdfDerivative: the order, a constant, and the operand.</summary>
    let (|LogNormalCdfDerivative|_|) (e: Expr) : (Expr * Expr) option = binary Op.LogNormalCdfDerivative e

    /// <summary>A node of the primitive Less: both operands.</summary>
    let (|Less|_|) (e: Expr) : (Expr * Expr) option = binary Op.Less e

    /// <summary>A node of the primitive LessOrEqual: both operands.</summary>
    let (|LessOrEqual|_|) (e: Expr) : (Expr * Expr) option = binary Op.LessOrEqual e

    /// <summary>A node of the primitive Greater: both operands.</summary>
    let (|Greater|_|) (e: Expr) : (Expr * Expr) option = binary Op.Greater e

    /// <summary>A node of the primitive GreaterOrEqual: both operands.</summary>
    let (|GreaterOrEqual|_|) (e: Expr) : (Expr * Expr) option = binary Op.GreaterOrEqual e

    /// <summary>A node of the primitive Equal: both operands.</summary>
    let (|Equal|_|) (e: Expr) : (Expr * Expr) option = binary Op.Equal e

    /// <summary>A node of the primitive PolygammaDifference: the order, a constant, and both operands.</summary>
    let (|PolygammaDifference|_|) (e: Expr) : (Expr * Expr * Expr) option = ternary Op.PolygammaDifference e

    /// <summary>A node of the primitive GammaDensity: the order, a constant, and both operands.</summary>
    let (|GammaDensity|_|) (e: Expr) : (Expr * Expr * Expr) option = ternary Op.GammaDensity e

    /// <summary>A node of the primitive Gaussian: the order, a constant, and both operands.</summary>
    let (|Gaussian|_|) (e: Expr) : (Expr * Expr * Expr) option = ternary Op.Gaussian e

    /// <summary>A node of the primitive Clamp: the three operands.</summary>
    let (|Clamp|_|) (e: Expr) : (Expr * Expr * Expr) option = ternary Op.Clamp e

    /// <summary>A node of the primitive Where: the three operands.</summary>
    let (|Where|_|) (e: Expr) : (Expr * Expr * Expr) option = ternary Op.Where e

    /// <summary>A node of the primitive Sum: the operand.</summary>
    let (|Sum|_|) (e: Expr) : Expr option = unary Op.Sum e

    /// <summary>A node of the primitive Prod: the operand.</summary>
    let (|Prod|_|) (e: Expr) : Expr option = unary Op.Prod e

    /// <summary>A node of the primitive MaxOf: the operand.</summary>
    let (|MaxOf|_|) (e: Expr) : Expr option = unary Op.MaxOf e

    /// <summary>A node of the primitive MinOf: the operand.</summary>
    let (|MinOf|_|) (e: Expr) : Expr option = unary Op.MinOf e

    /// <summary>A node of the primitive LogSumExp: the operand.</summary>
    let (|LogSumExp|_|) (e: Expr) : Expr option = unary Op.LogSumExp e

    /// <summary>A node of the primitive LogSum: the operand.</summary>
    let (|LogSum|_|) (e: Expr) : Expr option = unary Op.LogSum e

    /// <summary>A node of the primitive Norm: the operand.</summary>
    let (|Norm|_|) (e: Expr) : Expr option = unary Op.Norm e

    /// <summary>A node of the primitive CumSum: the operand.</summary>
    let (|CumSum|_|) (e: Expr) : Expr option = unary Op.CumSum e

    /// <summary>A node of the primitive Reshape: the operand.</summary>
    let (|Reshape|_|) (e: Expr) : Expr option = unary Op.Reshape e

    /// <summary>A node of the primitive BroadcastTo: the operand.</summary>
    let (|BroadcastTo|_|) (e: Expr) : Expr option = unary Op.BroadcastTo e

    /// <summary>A node of the primitive Permute: the operand.</summary>
    let (|Permute|_|) (e: Expr) : Expr option = unary Op.Permute e

    /// <summary>A node of the primitive Slice: the operand.</summary>
    let (|Slice|_|) (e: Expr) : Expr option = unary Op.Slice e

    /// <summary>A node of the primitive Scatter: the operands.</summary>
    let (|Scatter|_|) (e: Expr) : (Expr list) option = any Op.Scatter e

    /// <summary>A node of the primitive Concat: the operands.</summary>
    let (|Concat|_|) (e: Expr) : (Expr list) option = any Op.Concat e

    /// <summary>A node of the primitive Stack: the operands.</summary>
    let (|Stack|_|) (e: Expr) : (Expr list) option = any Op.Stack e

    /// <summary>A node of the primitive Flip: the operand.</summary>
    let (|Flip|_|) (e: Expr) : Expr option = unary Op.Flip e

    /// <summary>A node of the primitive Take: the operand.</summary>
    let (|Take|_|) (e: Expr) : Expr option = unary Op.Take e

    /// <summary>A node of the primitive Dot: both operands.</summary>
    let (|Dot|_|) (e: Expr) : (Expr * Expr) option = binary Op.Dot e

    /// <summary>A node of the primitive MatMul: both operands.</summary>
    let (|MatMul|_|) (e: Expr) : (Expr * Expr) option = binary Op.MatMul e

    /// <summary>A node of the primitive Outer: both operands.</summary>
    let (|Outer|_|) (e: Expr) : (Expr * Expr) option = binary Op.Outer e

    /// <summary>A node of the primitive Einsum: the operands.</summary>
    let (|Einsum|_|) (e: Expr) : (Expr list) option = any Op.Einsum e

    /// <summary>A node of the primitive Trace: the operand.</summary>
    let (|Trace|_|) (e: Expr) : Expr option = unary Op.Trace e

    /// <summary>A node of the primitive Diag: the operand.</summary>
    let (|Diag|_|) (e: Expr) : Expr option = unary Op.Diag e

    /// <summary>A node of the primitive Defined: the operands.</summary>
    let (|Defined|_|) (e: Expr) : (Expr list) option = any Op.Defined e

    /// <summary>A node of the primitive Loop: the operands.</summary>
    let (|Loop|_|) (e: Expr) : (Expr list) option = any Op.Loop e

    /// <summary>A node of the primitive LoopAdjoint: the operands.</summary>
    let (|LoopAdjoint|_|) (e: Expr) : (Expr list) option = any Op.LoopAdjoint e

    /// <summary>A node of the primitive Cond: the operands.</summary>
    let (|Cond|_|) (e: Expr) : (Expr list) option = any Op.Cond e

    /// <summary>A node of the primitive Call: the operands.</summary>
    let (|Call|_|) (e: Expr) : (Expr list) option = any Op.Call e

    /// <summary>A node of the primitive Root: the operands.</summary>
    let (|Root|_|) (e: Expr) : (Expr list) option = any Op.Root e

    /// <summary>A node of the primitive Solve: the operands.</summary>
    let (|Solve|_|) (e: Expr) : (Expr list) option = any Op.Solve e

    /// <summary>A node of the primitive SolveTriangular: both operands.</summary>
    let (|SolveTriangular|_|) (e: Expr) : (Expr * Expr) option = binary Op.SolveTriangular e

    /// <summary>A node of the primitive Inverse: the operand.</summary>
    let (|Inverse|_|) (e: Expr) : Expr option = unary Op.Inverse e

    /// <summary>A node of the primitive Det: the operand.</summary>
    let (|Det|_|) (e: Expr) : Expr option = unary Op.Det e

    /// <summary>A node of the primitive Cofactors: the operand.</summary>
    let (|Cofactors|_|) (e: Expr) : Expr option = unary Op.Cofactors e

    /// <summary>A node of the primitive LogDet: the operand.</summary>
    let (|LogDet|_|) (e: Expr) : Expr option = unary Op.LogDet e

    /// <summary>A node of the primitive Cholesky: the operand.</summary>
    let (|Cholesky|_|) (e: Expr) : Expr option = unary Op.Cholesky e

    /// <summary>A node of the primitive Qr: the operand.</summary>
    let (|Qr|_|) (e: Expr) : Expr option = unary Op.Qr e

    /// <summary>A node of the primitive Eigh: the operand.</summary>
    let (|Eigh|_|) (e: Expr) : Expr option = unary Op.Eigh e

    /// <summary>A node of the primitive Svd: the operand.</summary>
    let (|Svd|_|) (e: Expr) : Expr option = unary Op.Svd e

    /// <summary>A node of the primitive Expm: the operand.</summary>
    let (|Expm|_|) (e: Expr) : Expr option = unary Op.Expm e

    /// <summary>A node of the primitive PolarFactor: the operand.</summary>
    let (|PolarFactor|_|) (e: Expr) : Expr option = unary Op.PolarFactor e

    /// <summary>A node of the primitive Lyapunov: both operands.</summary>
    let (|Lyapunov|_|) (e: Expr) : (Expr * Expr) option = binary Op.Lyapunov e

    /// <summary>A node of the primitive MatrixFunction: the operands.</summary>
    let (|MatrixFunction|_|) (e: Expr) : (Expr list) option = any Op.MatrixFunction e

    /// <summary>A node of the primitive Factors: the operand.</summary>
    let (|Factors|_|) (e: Expr) : Expr option = unary Op.Factors e

    /// <summary>A node of the primitive GammaPDerivative: the order, a constant, and both operands.</summary>
    let (|GammaPDerivative|_|) (e: Expr) : (Expr * Expr * Expr) option = ternary Op.GammaPDerivative e

    /// <summary>A node of the primitive BetaInc: the three operands.</summary>
    let (|BetaInc|_|) (e: Expr) : (Expr * Expr * Expr) option = ternary Op.BetaInc e

    /// <summary>A node of the primitive NormalDensityQuantile: the operand.</summary>
    let (|NormalDensityQuantile|_|) (e: Expr) : Expr option = unary Op.NormalDensityQuantile e

    /// <summary>A node of the primitive ErfInv: the operand.</summary>
    let (|ErfInv|_|) (e: Expr) : Expr option = unary Op.ErfInv e

    /// <summary>A node of the primitive ErfcInv: the operand.</summary>
    let (|ErfcInv|_|) (e: Expr) : Expr option = unary Op.ErfcInv e

    /// <summary>A node of the primitive Erfcx: the operand.</summary>
    let (|Erfcx|_|) (e: Expr) : Expr option = unary Op.Erfcx e

    /// <summary>A node of the primitive ErfcxDerivative: the order, a constant, and the operand.</summary>
    let (|ErfcxDerivative|_|) (e: Expr) : (Expr * Expr) option = binary Op.ErfcxDerivative e

    /// <summary>A node of the primitive Dawson: the operand.</summary>
    let (|Dawson|_|) (e: Expr) : Expr option = unary Op.Dawson e

    /// <summary>A node of the primitive DawsonDerivative: the order, a constant, and the operand.</summary>
    let (|DawsonDerivative|_|) (e: Expr) : (Expr * Expr) option = binary Op.DawsonDerivative e

    /// <summary>A node of the primitive ExpIntegralE1: the operand.</summary>
    let (|ExpIntegralE1|_|) (e: Expr) : Expr option = unary Op.ExpIntegralE1 e

    /// <summary>A node of the primitive ExpIntegralEi: the operand.</summary>
    let (|ExpIntegralEi|_|) (e: Expr) : Expr option = unary Op.ExpIntegralEi e

    /// <summary>A node of the primitive Zeta: both operands.</summary>
    let (|Zeta|_|) (e: Expr) : (Expr * Expr) option = binary Op.Zeta e

    /// <summary>A node of the primitive BesselY: the operand.</summary>
    let (|BesselY|_|) (e: Expr) : Expr option = unary Op.BesselY e

    /// <summary>A node of the primitive BesselIOfRealOrder: both operands.</summary>
    let (|BesselIOfRealOrder|_|) (e: Expr) : (Expr * Expr) option = binary Op.BesselIOfRealOrder e

    /// <summary>A node of the primitive BesselIScaled: both operands.</summary>
    let (|BesselIScaled|_|) (e: Expr) : (Expr * Expr) option = binary Op.BesselIScaled e

    /// <summary>A node of the primitive BesselK: both operands.</summary>
    let (|BesselK|_|) (e: Expr) : (Expr * Expr) option = binary Op.BesselK e

    /// <summary>A node of the primitive BesselKScaled: both operands.</summary>
    let (|BesselKScaled|_|) (e: Expr) : (Expr * Expr) option = binary Op.BesselKScaled e

    /// <summary>A node of the primitive Binomial: both operands.</summary>
    let (|Binomial|_|) (e: Expr) : (Expr * Expr) option = binary Op.Binomial e

    /// <summary>A node of the primitive Remainder: both operands.</summary>
    let (|Remainder|_|) (e: Expr) : (Expr * Expr) option = binary Op.Remainder e

    /// <summary>A node of the primitive Mod: both operands.</summary>
    let (|Mod|_|) (e: Expr) : (Expr * Expr) option = binary Op.Mod e

    /// <summary>A node of the primitive Every: the operand.</summary>
    let (|Every|_|) (e: Expr) : Expr option = unary Op.Every e

    /// <summary>A node of the primitive Lstsq: both operands.</summary>
    let (|Lstsq|_|) (e: Expr) : (Expr * Expr) option = binary Op.Lstsq e

    /// <summary>A node of the primitive DetSign: the operand.</summary>
    let (|DetSign|_|) (e: Expr) : Expr option = unary Op.DetSign e

    /// <summary>A node of the primitive NuclearNorm: the operand.</summary>
    let (|NuclearNorm|_|) (e: Expr) : Expr option = unary Op.NuclearNorm e

    /// <summary>A node of the primitive Sqrtm: the operand.</summary>
    let (|Sqrtm|_|) (e: Expr) : Expr option = unary Op.Sqrtm e

    /// <summary>A node of the primitive Logm: the operand.</summary>
    let (|Logm|_|) (e: Expr) : Expr option = unary Op.Logm e

    /// <summary>A node of the primitive SolveSylvester: the three operands.</summary>
    let (|SolveSylvester|_|) (e: Expr) : (Expr * Expr * Expr) option = ternary Op.SolveSylvester e

    /// <summary>A node of the primitive SolveBanded: both operands.</summary>
    let (|SolveBanded|_|) (e: Expr) : (Expr * Expr) option = binary Op.SolveBanded e

    /// <summary>A node of the primitive Lu: the operand.</summary>
    let (|Lu|_|) (e: Expr) : Expr option = unary Op.Lu e

    /// <summary>A node of the primitive Conv: both operands.</summary>
    let (|Conv|_|) (e: Expr) : (Expr * Expr) option = binary Op.Conv e

    /// <summary>A node of the primitive ConvTranspose: both operands.</summary>
    let (|ConvTranspose|_|) (e: Expr) : (Expr * Expr) option = binary Op.ConvTranspose e

    /// <summary>A node of the primitive ConvKernel: both operands.</summary>
    let (|ConvKernel|_|) (e: Expr) : (Expr * Expr) option = binary Op.ConvKernel e

    /// <summary>A node of the primitive MaxPool: the operand.</summary>
    let (|MaxPool|_|) (e: Expr) : Expr option = unary Op.MaxPool e

    /// <summary>A node of the primitive MaxPoolPush: both operands.</summary>
    let (|MaxPoolPush|_|) (e: Expr) : (Expr * Expr) option = binary Op.MaxPoolPush e

    /// <summary>A node of the primitive MaxPoolPull: both operands.</summary>
    let (|MaxPoolPull|_|) (e: Expr) : (Expr * Expr) option = binary Op.MaxPoolPull e

    /// <summary>A node of the primitive Gather: both operands.</summary>
    let (|Gather|_|) (e: Expr) : (Expr * Expr) option = binary Op.Gather e

    /// <summary>A node of the primitive ScatterAdd: both operands.</summary>
    let (|ScatterAdd|_|) (e: Expr) : (Expr * Expr) option = binary Op.ScatterAdd e

    /// <summary>A node of the primitive Update: the three operands.</summary>
    let (|Update|_|) (e: Expr) : (Expr * Expr * Expr) option = ternary Op.Update e

    /// <summary>A node of the primitive SegmentMax: both operands.</summary>
    let (|SegmentMax|_|) (e: Expr) : (Expr * Expr) option = binary Op.SegmentMax e

    /// <summary>A node of the primitive ArgSort: the operand.</summary>
    let (|ArgSort|_|) (e: Expr) : Expr option = unary Op.ArgSort e

    /// <summary>A node of the primitive SearchSorted: both operands.</summary>
    let (|SearchSorted|_|) (e: Expr) : (Expr * Expr) option = binary Op.SearchSorted e

    /// <summary>A node of the primitive IndexOfExtreme: the operand.</summary>
    let (|IndexOfExtreme|_|) (e: Expr) : Expr option = unary Op.IndexOfExtreme e

    /// <summary>A node of the primitive CumProd: the operand.</summary>
    let (|CumProd|_|) (e: Expr) : Expr option = unary Op.CumProd e

    /// <summary>A node of the primitive CumExtreme: the operand.</summary>
    let (|CumExtreme|_|) (e: Expr) : Expr option = unary Op.CumExtreme e

    /// <summary>A node of the primitive CumLogSumExp: the operand.</summary>
    let (|CumLogSumExp|_|) (e: Expr) : Expr option = unary Op.CumLogSumExp e

    /// <summary>A node of the primitive Recurrence: both operands.</summary>
    let (|Recurrence|_|) (e: Expr) : (Expr * Expr) option = binary Op.Recurrence e

    /// <summary>A node of the primitive RandomBits: the operand.</summary>
    let (|RandomBits|_|) (e: Expr) : Expr option = unary Op.RandomBits e
