// Programs on numbers as machine code: straight-line instructions whose values live in registers. It is made for bodies of scalar
// primitives, which may read elements of arguments and give scalars put together to tensors, as gradients are; other bodies become kernels
// and steps.

using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.CodeGeneration;

/// <summary>A body of scalar primitives, turned into a method.</summary>
internal sealed class MachineCode
{
    // The compiler at run time optimises no method of very many values.
    private const int MostNodes = 1500;

    private static readonly Type s_reference = typeof(double).MakeByRefType();

    private readonly Computation _body;
    private readonly Packing _arguments;
    private readonly OnNumbers _run;

    [RequiresDynamicCode("It makes a method.")]
    private MachineCode(Computation body, Packing arguments)
    {
        (_body, _arguments) = (body, arguments);
        var method = new DynamicMethod(nameof(MachineCode), typeof(void), [typeof(MachineCode), s_reference, s_reference], typeof(MachineCode), true);
        var code = method.GetILGenerator();
        var locals = Compute(code, (parameter, element) =>
        {
            Address(code, OpCodes.Ldarg_1, _arguments.Start(parameter) + element);
            code.Emit(OpCodes.Ldind_R8);
        });
        var written = 0;
        for (var i = 0; i < body.Results.Length; i++)
        {
            var (slot, result) = (body.ResultSlots[i], body.Results[i]);
            for (var element = 0; element < result.Shape.Size; element++)
            {
                Address(code, OpCodes.Ldarg_2, written++);
                PushElement(code, locals, slot, result, element);
                code.Emit(OpCodes.Stind_R8);
            }
        }

        code.Emit(OpCodes.Ret);
        _run = method.CreateDelegate<OnNumbers>(this);
    }

    private delegate void OnNumbers(ref double arguments, ref double results);

    /// <summary>The machine code of a body, if it is one that can be turned into it here.</summary>
    public static MachineCode? TryMake(Computation body, Packing arguments) =>
        RuntimeFeature.IsDynamicCodeSupported
        && body.Nodes.Length <= MostNodes
        && body.Results.Sum(result => (long)result.Shape.Size) <= MostNodes
        && Enumerable.Range(0, body.Nodes.Length).All(place => IsOnNumbers(body, place))
            ? new(body, arguments)
            : null;

    /// <summary>Computes the results, all of them one after another, from the arguments, likewise.</summary>
    public void Run(ReadOnlySpan<double> arguments, Span<double> results) =>
        _run(ref MemoryMarshal.GetReference(arguments), ref MemoryMarshal.GetReference(results));

    /// <summary>The results as a function of numbers to a number, or to a tuple of numbers and tuples that holds them in order.</summary>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "There is no instance where code cannot be made.")]
    public TDelegate ToScalar<TDelegate>()
        where TDelegate : Delegate
    {
        Type[] parameters = [typeof(MachineCode), .. _body.Parameters.Select(_ => typeof(double))];
        var type = typeof(TDelegate).GetGenericArguments()[^1];
        var method = new DynamicMethod(nameof(MachineCode), type, parameters, typeof(MachineCode), true);
        var code = method.GetILGenerator();
        var locals = Compute(code, (parameter, _) => code.Emit(OpCodes.Ldarg, (short)(parameter + 1)));
        var next = 0;
        PushResult(type);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>(this);

        [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What has no machine code is a delegate that calls these constructors.")]
        void PushResult(Type type)
        {
            if (type == typeof(double))
            {
                PushElement(code, locals, _body.ResultSlots[next], _body.Results[next++], 0);
                return;
            }

            var items = type.GetGenericArguments();
            foreach (var item in items)
            {
                PushResult(item);
            }

            code.Emit(OpCodes.Newobj, type.GetConstructor(items)!);
        }
    }

    /// <summary>Whether a node is a scalar primitive, one number read from an argument, or scalars put together, which can only be a result.</summary>
    private static bool IsOnNumbers(Computation body, int place)
    {
        var node = body.Nodes[place];
        return node.Primitive is StackPrimitive or ScatterPrimitive ? Enumerable.Range(0, node.OperandCount).All(operand => node.Operand(operand).IsScalar)
            : node.IsScalar && (node.Op.IsElementwise() || (ElementOf(node) is not null && body.OperandSlots[place][0] < body.Parameters.Length));
    }

    /// <summary>Which element of its operand a scalar is, if it is one; of a tensor of one element it may be that in another shape.</summary>
    private static int? ElementOf(Expr node) => node.Primitive is ReshapePrimitive ? 0 : LayoutKernels.StartOfRun((node.Primitive as SelectionPrimitive)?.Selection);

    private static void Address(ILGenerator code, OpCode start, int element)
    {
        code.Emit(start);
        code.Emit(OpCodes.Ldc_I8, element * (long)sizeof(double));
        code.Emit(OpCodes.Conv_I);
        code.Emit(OpCodes.Add);
    }

    /// <summary>Emits the computation of every scalar into a local, by slot.</summary>
    private LocalBuilder?[] Compute(ILGenerator code, Action<int, int> pushArgument)
    {
        var parameters = _body.Parameters.Length;
        var locals = new LocalBuilder?[parameters + _body.Nodes.Length];
        for (var parameter = 0; parameter < parameters; parameter++)
        {
            if (_body.Parameters[parameter].IsScalar)
            {
                pushArgument(parameter, 0);
                code.Emit(OpCodes.Stloc, locals[parameter] = code.DeclareLocal(typeof(double)));
            }
        }

        for (var place = 0; place < _body.Nodes.Length; place++)
        {
            var (node, slots) = (_body.Nodes[place], _body.OperandSlots[place].ToArray());
            if (!node.IsScalar)
            {
                continue;
            }

            if (node.Op.IsElementwise())
            {
                double? exponent = node.Op == Op.Pow && slots[1] == Computation.ConstantSlot ? node.Operand(1).Scalar : null;
                ScalarCode.Emit(code, node.Op, node.OperandCount, exponent, operand => PushScalar(code, locals, slots[operand], node.Operand(operand)));
            }
            else
            {
                pushArgument(slots[0], ElementOf(node)!.Value);
            }

            code.Emit(OpCodes.Stloc, locals[parameters + place] = code.DeclareLocal(typeof(double)));
        }

        return locals;
    }

    private static void PushScalar(ILGenerator code, LocalBuilder?[] locals, int slot, Expr node)
    {
        if (slot == Computation.ConstantSlot)
        {
            code.Emit(OpCodes.Ldc_R8, node.Scalar);
        }
        else
        {
            code.Emit(OpCodes.Ldloc, locals[slot]!);
        }
    }

    private void PushElement(ILGenerator code, LocalBuilder?[] locals, int slot, Expr result, int element)
    {
        if (result.IsScalar)
        {
            PushScalar(code, locals, slot, result);
        }
        else if (slot == Computation.ConstantSlot)
        {
            code.Emit(OpCodes.Ldc_R8, result.Storage[element]);
        }
        else if (slot < _body.Parameters.Length)
        {
            Address(code, OpCodes.Ldarg_1, _arguments.Start(slot) + element);
            code.Emit(OpCodes.Ldind_R8);
        }
        else
        {
            PushPart(code, locals, result, _body.OperandSlots[slot - _body.Parameters.Length], element);
        }
    }

    /// <summary>One element of scalars put together: a scalar of a Stack, or the sum of those that a Scatter adds there.</summary>
    private static void PushPart(ILGenerator code, LocalBuilder?[] locals, Expr node, ReadOnlySpan<int> slots, int element)
    {
        if (node.Primitive is not ScatterPrimitive scatter)
        {
            PushScalar(code, locals, slots[element], node.Operand(element));
            return;
        }

        code.Emit(OpCodes.Ldc_R8, 0.0);
        var selections = scatter.Placement.Selections;
        for (var operand = 0; operand < slots.Length; operand++)
        {
            if (LayoutKernels.StartOfRun(selections[operand]) == element)
            {
                PushScalar(code, locals, slots[operand], node.Operand(operand));
                code.Emit(OpCodes.Add);
            }
        }
    }
}
