// F#'s quotations to and from expressions.
namespace Autodiff

open System
open System.Collections.Generic
open System.Reflection
open FSharp.Quotations
open FSharp.Quotations.Patterns
open FSharp.Quotations.DerivedPatterns
open Autodiff.Functional

/// <summary>Quotations of functions of numbers as expressions, and expressions as quotations.</summary>
[<AutoOpen>]
module Quotations =

    type private Node = Autodiff.Functional.Expr

    type private Quoted = FSharp.Quotations.Expr

    let private refuse (what: string) : 'T =
        raise (AutodiffException $"ofQuotation: {what}; a quotation is made of numbers, parameters, arithmetic, comparisons, if, let, and functions of F# or System.Math that the library has too.")

    // What F#, System.Math and this package call otherwise than the library.
    let private renamed =
        dict
            [ "op_Exponentiation", "Pow"
              "PowInteger", "Pow"
              "pown", "Pow"
              "Ceil", "Ceiling"
              "max", "Max"
              "min", "Min"
              "sign", "Sign"
              "Not", "op_LogicalNot" ]

    // Where functions with the names of the library's are these: F#, .NET, the library, and this package.
    let private homes = [ for each in [ typeof<unit>; typeof<Math>; typeof<Node>; typeof<Operand> ] -> each.Assembly ]

    /// What a part of a quotation stands for.
    type private Meaning =
        | Number of Node
        | Tuple of Meaning list
        | Function of (Meaning -> Meaning)

    /// The static methods of Expr of a name that take so many arguments and return an expression, those that take nothing but expressions first.
    let private methodsOf (name: string) (arity: int) : MethodInfo[] =
        typeof<Node>.GetMethods(BindingFlags.Public ||| BindingFlags.Static)
        |> Array.filter (fun candidate -> candidate.Name = name && candidate.ReturnType = typeof<Node> && candidate.GetParameters().Length = arity)
        |> Array.sortBy (fun candidate -> candidate.GetParameters() |> Array.filter (fun parameter -> parameter.ParameterType <> typeof<Node>) |> Array.length)

    /// What a method takes for expressions: these themselves, or the number that a constant is, such as an order. None if it does not take them.
    let private argumentsOf (found: MethodInfo) (operands: Node list) : obj[] option =
        let arguments =
            [| for parameter, operand in Seq.zip (found.GetParameters()) operands do
                   if parameter.ParameterType = typeof<Node> then Some(box operand)
                   elif operand.Op <> Op.Constant || operand.Rank > 0 then None
                   elif parameter.ParameterType = typeof<float> then Some(box operand.Value)
                   elif parameter.ParameterType = typeof<int> && Double.IsInteger operand.Value then Some(box (int operand.Value))
                   else None |]

        if Array.forall Option.isSome arguments then Some(Array.choose id arguments) else None

    let private invoke (found: MethodInfo) (arguments: obj[]) : Node =
        try
            found.Invoke(null, arguments) |> unbox<Node>
        with :? TargetInvocationException as error when (error.InnerException :? AutodiffException) ->
            raise error.InnerException

    let private apply (name: string) (operands: Node list) : Node =
        match methodsOf name operands.Length |> Array.tryPick (fun found -> argumentsOf found operands |> Option.map (fun arguments -> found, arguments)) with
        | Some(found, arguments) -> invoke found arguments
        | None -> refuse $"there is no function {name} of {operands.Length} arguments"

    /// Whether numbers of a type are whole.
    let private isWhole (kind: Type) =
        let code = Type.GetTypeCode kind
        code >= TypeCode.SByte && code <= TypeCode.UInt64

    let private constant (value: obj) : Node =
        match value with
        | :? float as v -> Node.op_Implicit v
        | :? int as v -> Node.op_Implicit (float v)
        | :? float32 as v -> Node.op_Implicit (float v)
        | :? bool as v -> Node.op_Implicit (if v then 1.0 else 0.0)
        | :? Node as e -> e
        | null -> refuse "a value is null"
        | other -> refuse $"the value {other} is of type {other.GetType().Name}"

    let private number (meaning: Meaning) : Node =
        match meaning with
        | Number e -> e
        | Tuple items -> refuse $"a tuple of {items.Length} stands where a number is needed"
        | Function _ -> refuse "a function stands where a number is needed"

    let private call (f: Meaning) (argument: Meaning) : Meaning =
        match f with
        | Function f -> f argument
        | Number _
        | Tuple _ -> refuse "what is applied is no function"

    let rec private choose (condition: Node) (ifTrue: Meaning) (ifFalse: Meaning) : Meaning =
        match ifTrue, ifFalse with
        | Tuple a, Tuple b when a.Length = b.Length -> Tuple(List.map2 (choose condition) a b)
        | Function f, Function g -> Function(fun x -> choose condition (f x) (g x))
        | a, b -> Number(Node.Where(condition, number a, number b))

    let rec private read (scope: Map<Quotations.Var, Meaning>) (quotation: Quoted) : Meaning =
        match quotation with
        | Var variable ->
            match scope.TryFind variable with
            | Some meaning -> meaning
            | None -> refuse $"the variable {variable.Name} is no parameter"
        | Value(value, _)
        | ValueWithName(value, _, _) -> Number(constant value)
        | Let(variable, value, body) -> read (scope.Add(variable, read scope value)) body
        | Lambda(variable, body) -> Function(fun argument -> read (scope.Add(variable, argument)) body)
        | Application(f, argument) -> call (read scope f) (read scope argument)
        | IfThenElse(condition, ifTrue, ifFalse) -> choose (number (read scope condition)) (read scope ifTrue) (read scope ifFalse)
        | NewTuple items -> Tuple(List.map (read scope) items)
        | TupleGet(tuple, index) -> partOf (read scope tuple) index
        | Coerce(inner, _) -> read scope inner
        | PropertyGet(None, property, []) -> Number(constant (property.GetValue null))
        | PropertyGet(Some inner, property, []) when property.DeclaringType = typeof<Node> && property.Name = "Value" -> read scope inner
        | FieldGet(None, field) -> Number(constant (field.GetValue null))
        | Call(None, called, arguments) ->
            if not (List.contains called.Module.Assembly homes) then
                refuse $"{called.Name} is a function of the program"

            if called.Name = "op_Division" && List.exists (fun (part: Quoted) -> isWhole part.Type) arguments then
                refuse "whole numbers are divided without a remainder; convert them to float first"

            match called.Name, List.map (read scope) arguments with
            | "op_PipeRight", [ x; f ]
            | "op_PipeLeft", [ f; x ] -> call f x
            | "op_PipeRight2", [ x; y; f ]
            | "op_PipeLeft2", [ f; x; y ] -> call (call f x) y
            | "op_ComposeRight", [ f; g ]
            | "op_ComposeLeft", [ g; f ] -> Function(fun x -> call g (call f x))
            | "Fst", [ tuple ] -> partOf tuple 0
            | "Snd", [ tuple ] -> partOf tuple 1
            | ("ToDouble" | "ToSingle" | "Identity" | "op_Implicit"), [ x ] -> x
            | name, operands -> Number(applyTo name (List.map number operands))
        | other -> refuse $"{other} is of a kind that no expression has"

    and private partOf (tuple: Meaning) (index: int) : Meaning =
        match tuple with
        | Tuple items -> items[index]
        | Number _
        | Function _ -> refuse "what is taken apart is no tuple"

    and private applyTo (name: string) (operands: Node list) : Node =
        match name, operands with
        | "op_Equality", [ a; b ] -> Node.Eq(a, b)
        | "op_Inequality", [ a; b ] -> Node.op_LogicalNot (Node.Eq(a, b))
        | name, _ ->
            match renamed.TryGetValue name with
            | true, other -> apply other operands
            | false, _ -> apply name operands

    /// The variable that a quotation reads, and the positions in it, if it is a tuple.
    let rec private place (quotation: Quoted) : (Quotations.Var * int list) option =
        match quotation with
        | Var variable -> Some(variable, [])
        | TupleGet(tuple, index) -> place tuple |> Option.map (fun (variable, positions) -> variable, positions @ [ index ])
        | _ -> None

    /// The names that F#'s lets give to parts of a parameter as soon as it is taken apart.
    let private names (parameter: Quotations.Var) (body: Quoted) : Map<int list, string> =
        let rec next (places: Map<Quotations.Var, int list>) (found: Map<int list, string>) (rest: Quoted) =
            match rest with
            | Let(variable, value, following) ->
                match place value with
                | Some(source, positions) when places.ContainsKey source ->
                    let positions = places[source] @ positions
                    next (places.Add(variable, positions)) (found.Add(positions, variable.Name)) following
                | _ -> next places found following
            | _ -> found

        next (Map.ofList [ parameter, [] ]) Map.empty body

    /// A parameter of a type as variables of the library: the parts of a tuple have the names that the function gives them.
    let private parameter (variable: Quotations.Var) (body: Quoted) : Meaning =
        let named = names variable body

        let rec made (positions: int list) (kind: Type) =
            if FSharp.Reflection.FSharpType.IsTuple kind then
                Tuple [ for index, part in Array.indexed (FSharp.Reflection.FSharpType.GetTupleElements kind) -> made (positions @ [ index ]) part ]
            else
                let numbered = String.Join("_", variable.Name :: [ for index in positions -> string (index + 1) ])
                Number(Node.Variable(defaultArg (named.TryFind positions) numbered))

        made [] variable.Type

    /// The body of a function over variables with the names of its parameters.
    let rec private opened (scope: Map<Quotations.Var, Meaning>) (quotation: Quoted) : Node =
        match quotation with
        | Lambda(variable, body) -> opened (scope.Add(variable, parameter variable body)) body
        | Let(variable, value, body) -> opened (scope.Add(variable, read scope value)) body
        | body ->
            match read scope body with
            | Function f when scope.IsEmpty -> number (f (Number(Node.Variable "x")))
            | meaning -> number meaning

    /// <summary>
    /// The expression that a quoted function of numbers computes, over variables with the names of its parameters. A function without a parameter of its own, such as
    /// a composition, is one of x.
    /// </summary>
    /// <example><code>ofQuotation &lt;@ fun x -> sin x * x @&gt; // sin(x) * x</code></example>
    let ofQuotation (quotation: Quotations.Expr<'F>) : Autodiff.Functional.Expr = opened Map.empty quotation.Raw

    /// <summary>A quoted function of one number as a function of an expression, to differentiate and compile.</summary>
    /// <example><code>grad (applyQuotation &lt;@ fun x -> sin x * x @&gt;) (scalar 1.0)</code></example>
    let applyQuotation (quotation: Quotations.Expr<float -> float>) : Autodiff.Functional.Expr -> Autodiff.Functional.Expr =
        let f = read Map.empty quotation.Raw
        fun x -> number (call f (Number x))

    /// A function of System.Math of a name, from numbers to a number; None if there is none.
    let private ofMath (operation: string) (arguments: Quoted list) : Quoted option =
        match typeof<Math>.GetMethod(operation, [| for argument in arguments -> argument.Type |]) with
        | null -> None
        | found -> if found.ReturnType = typeof<float> then Some(Quoted.Call(found, arguments)) else None

    /// The function of the library that makes such a node, applied to numbers; None if there is none.
    let private ofLibrary (node: Node) (texts: Quoted list) : Quoted option =
        let operands = [ for operand in node.Operands -> if operand.Op = Op.Constant then operand else Node.Variable "operand" ]
        let example = node.WithOperands(Array.ofList operands)

        methodsOf (string node.Op) operands.Length
        |> Array.tryPick (fun found ->
            match argumentsOf found operands with
            | Some arguments when Node.Comparer.Structural.Equals(example, invoke found arguments) ->
                let quoted =
                    [ for parameter, argument, text in Seq.zip3 (found.GetParameters()) arguments texts ->
                          if parameter.ParameterType = typeof<Node> then <@@ Node.op_Implicit (%(Quoted.Cast<float> text): float): Node @@>
                          else Quoted.Value(argument, parameter.ParameterType) ]

                let result: Quotations.Expr<Node> = Quoted.Cast(Quoted.Call(found, quoted))
                Some <@@ (%result).Value @@>
            | _ -> None)

    /// A node as a quotation of its operands: arithmetic and choices as F#'s own, functions of System.Math as these, and any other as the library's.
    let private write (node: Node) (operands: Quoted list) : Quoted =
        let a () : Quotations.Expr<float> = Quoted.Cast operands[0]
        let b () : Quotations.Expr<float> = Quoted.Cast operands[1]

        match node.Op with
        | Op.Negate -> <@@ -(%a ()) @@>
        | Op.Add -> <@@ %a () + %b () @@>
        | Op.Subtract -> <@@ %a () - %b () @@>
        | Op.Multiply -> <@@ %a () * %b () @@>
        | Op.Divide -> <@@ %a () / %b () @@>
        | Op.Remainder -> <@@ %a () % %b () @@>
        | Op.Pow -> <@@ %a () ** %b () @@>
        | Op.Sin -> <@@ sin (%a ()) @@>
        | Op.Cos -> <@@ cos (%a ()) @@>
        | Op.Tan -> <@@ tan (%a ()) @@>
        | Op.Asin -> <@@ asin (%a ()) @@>
        | Op.Acos -> <@@ acos (%a ()) @@>
        | Op.Atan -> <@@ atan (%a ()) @@>
        | Op.Sinh -> <@@ sinh (%a ()) @@>
        | Op.Cosh -> <@@ cosh (%a ()) @@>
        | Op.Tanh -> <@@ tanh (%a ()) @@>
        | Op.Exp -> <@@ exp (%a ()) @@>
        | Op.Log -> <@@ log (%a ()) @@>
        | Op.Log10 -> <@@ log10 (%a ()) @@>
        | Op.Sqrt -> <@@ sqrt (%a ()) @@>
        | Op.Abs -> <@@ abs (%a ()) @@>
        | Op.Floor -> <@@ floor (%a ()) @@>
        | Op.Ceiling -> <@@ ceil (%a ()) @@>
        | Op.Round -> <@@ round (%a ()) @@>
        | Op.Atan2 -> <@@ atan2 (%a ()) (%b ()) @@>
        | Op.Less -> <@@ if %a () < %b () then 1.0 else 0.0 @@>
        | Op.LessOrEqual -> <@@ if %a () <= %b () then 1.0 else 0.0 @@>
        | Op.Greater -> <@@ if %a () > %b () then 1.0 else 0.0 @@>
        | Op.GreaterOrEqual -> <@@ if %a () >= %b () then 1.0 else 0.0 @@>
        | Op.Equal -> <@@ if %a () = %b () then 1.0 else 0.0 @@>
        | Op.Where ->
            let c: Quotations.Expr<float> = Quoted.Cast operands[2]
            <@@ if %a () <> 0.0 then %b () else %c @@>
        | Op.Clamp ->
            let c: Quotations.Expr<float> = Quoted.Cast operands[2]
            <@@ Math.Min(Math.Max(%a (), %b ()), %c) @@>
        | op ->
            match ofMath (string op) operands with
            | Some call -> call
            | None ->
                match ofLibrary node operands with
                | Some call -> call
                | None -> raise (AutodiffException $"toQuotation: {op} has no form as a function of numbers.")

    /// <summary>An expression of scalars as a quoted curried function of some of its variables.</summary>
    /// <example><code>toQuotation [ x ] (sin x * x) // fun x -> sin x * x</code></example>
    let toQuotation (variables: seq<Autodiff.Functional.Expr>) (e: Autodiff.Functional.Expr) : Quotations.Expr =
        if isNull (box variables) || isNull (box e) || Seq.exists (fun (variable: Node) -> isNull (box variable)) variables then
            raise (AutodiffException "toQuotation: a variable or the expression is null.")

        let parameters = [ for variable in variables -> variable, Quotations.Var(variable.Name.IfNone "x", typeof<float>) ]
        let texts = Dictionary<Node, Quoted>(HashIdentity.Reference)
        let uses = Dictionary<Node, int>(HashIdentity.Reference)
        let nodes = List.ofSeq (e.Nodes())

        for node in nodes do
            if node.Rank > 0 then
                raise (AutodiffException $"toQuotation: {node.Op} has shape {node.Shape}; a quotation is of functions of numbers, so every node must be a scalar.")

            for operand in node.Operands do
                uses[operand] <- 1 + (match uses.TryGetValue operand with | true, n -> n | false, _ -> 0)

        for variable, parameter in parameters do
            texts[variable] <- Quoted.Var parameter

        // A node that is used more than once is a variable, defined around all that follows it.
        let shared = List<Quotations.Var * Quoted>()

        for node in nodes do
            if not (texts.ContainsKey node) then
                let text =
                    match node.Op with
                    | Op.Constant -> Quoted.Value node.Value
                    | Op.Variable when node.Operands.Count = 0 ->
                        raise (AutodiffException $"""toQuotation: the variable {node.Name.IfNone "?"} is not among the parameters.""")
                    | Op.Variable
                    | Op.StopGradient -> texts[node.Operands[0]]
                    | _ -> write node [ for operand in node.Operands -> texts[operand] ]

                match uses.TryGetValue node with
                | true, n when n > 1 && node.Op <> Op.Constant ->
                    let name = Quotations.Var($"t{shared.Count + 1}", typeof<float>)
                    texts[node] <- Quoted.Var name
                    shared.Add((name, text))
                | _ -> texts[node] <- text

        let body = List.foldBack (fun (name, text) body -> Quoted.Let(name, text, body)) (List.ofSeq shared) texts[e]
        List.foldBack (fun (_, parameter) body -> Quoted.Lambda(parameter, body)) parameters body
