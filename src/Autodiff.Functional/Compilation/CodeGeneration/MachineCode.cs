// Compiles a scalar computation to one method of straight-line code whose values live in registers. This is done for computations of scalar
// primitives, which may read elements of arguments and put scalars together to tensors, as gradients do; other computations are lowered to
// kernels and steps.

using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.CodeGeneration;

/// <summary>A computation of scalar primitives, compiled to a method.</summary>
internal sealed class MachineCode
{
    // The most nodes of a computation, and the most elements of its results: the JIT compiler does not optimise methods with very many values.
    private const int MostNodes = 1500;

    private static readonly Type s_reference = typeof(double).MakeByRefType();

    private readonly Computation _computation;
    private readonly Packing _arguments;
    private readonly OnNumbers _run;

    [RequiresDynamicCode("It emits a method at run time.")]
    private MachineCode(Computation computation, Packing arguments)
    {
        (_computation, _arguments) = (computation, arguments);
        var method = new DynamicMethod(nameof(MachineCode), typeof(void), [typeof(MachineCode), s_reference, s_reference], typeof(MachineCode), true);
        var code = method.GetILGenerator();
        var locals = Compute(code, (parameter, element) =>
        {
            Address(code, OpCodes.Ldarg_1, _arguments.Start(parameter) + element);
            code.Emit(OpCodes.Ldind_R8);
        });
        var written = 0;
        for (var i = 0; i < computation.Results.Length; i++)
        {
            var (slot, result) = (computation.ResultSlots[i], computation.Results[i]);
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

    /// <summary>The machine code of a computation, if it is scalar, short enough, and code can be made at run time; otherwise null.</summary>
    public static MachineCode? TryMake(Computation computation, Packing arguments) =>
        RuntimeFeature.IsDynamicCodeSupported && Fits(computation) ? new(computation, arguments) : null;

    /// <summary>Whether a computation is scalar, and short enough to be one method.</summary>
    public static bool Fits(Computation computation) =>
        computation.Nodes.Length <= MostNodes
        && computation.Results.Sum(result => (long)result.Shape.Size) <= MostNodes
        && Enumerable.Range(0, computation.Nodes.Length).All(place => IsOnNumbers(computation, place));

    /// <summary>Computes the results, all of them one after another, from the arguments, which also lie one after another.</summary>
    public void Run(ReadOnlySpan<double> arguments, Span<double> results) =>
        _run(ref MemoryMarshal.GetReference(arguments), ref MemoryMarshal.GetReference(results));

    /// <summary>The results as a function from numbers to a number, or to a tuple of numbers and tuples that holds the results in order.</summary>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "An instance exists only where dynamic code is supported.")]
    public TDelegate ToScalar<TDelegate>()
        where TDelegate : Delegate
    {
        Type[] parameters = [typeof(MachineCode), .. _computation.Parameters.Select(_ => typeof(double))];
        var type = typeof(TDelegate).GetGenericArguments()[^1];
        var method = new DynamicMethod(nameof(MachineCode), type, parameters, typeof(MachineCode), true);
        var code = method.GetILGenerator();
        var locals = Compute(code, (parameter, _) => code.Emit(OpCodes.Ldarg, (short)(parameter + 1)));
        var next = 0;
        PushResult(type);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>(this);

        [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Where members are trimmed there is no dynamic code, and delegates call these constructors directly.")]
        void PushResult(Type type)
        {
            if (type == typeof(double))
            {
                PushElement(code, locals, _computation.ResultSlots[next], _computation.Results[next++], 0);
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
    private static bool IsOnNumbers(Computation computation, int place)
    {
        var node = computation.Nodes[place];
        return node.Primitive is StackPrimitive or ScatterPrimitive ? Enumerable.Range(0, node.OperandCount).All(operand => node.Operand(operand).IsScalar)
            : node.IsScalar && (node.Op.IsElementwise() || (ElementOf(node) is not null && computation.OperandSlots[place][0] < computation.Parameters.Length));
    }

    /// <summary>The position of the one element that a scalar node reads from its operand (0 for a reshape of a tensor of one element); null if it reads none.</summary>
    public static int? ElementOf(Expr node) => node.Primitive is ReshapePrimitive ? 0 : LayoutKernels.StartOfRun((node.Primitive as SelectionPrimitive)?.Selection);

    private static void Address(ILGenerator code, OpCode start, int element)
    {
        code.Emit(start);
        code.Emit(OpCodes.Ldc_I8, element * (long)sizeof(double));
        code.Emit(OpCodes.Conv_I);
        code.Emit(OpCodes.Add);
    }

    /// <summary>Emits the computation of every scalar into a local variable. The variables are indexed by slot.</summary>
    private LocalBuilder?[] Compute(ILGenerator code, Action<int, int> pushArgument)
    {
        var parameters = _computation.Parameters.Length;
        var locals = new LocalBuilder?[parameters + _computation.Nodes.Length];
        for (var parameter = 0; parameter < parameters; parameter++)
        {
            if (_computation.Parameters[parameter].IsScalar)
            {
                pushArgument(parameter, 0);
                code.Emit(OpCodes.Stloc, locals[parameter] = code.DeclareLocal(typeof(double)));
            }
        }

        for (var place = 0; place < _computation.Nodes.Length; place++)
        {
            var (node, slots) = (_computation.Nodes[place], _computation.OperandSlots[place].ToArray());
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
        else if (slot < _computation.Parameters.Length)
        {
            Address(code, OpCodes.Ldarg_1, _arguments.Start(slot) + element);
            code.Emit(OpCodes.Ldind_R8);
        }
        else
        {
            PushPart(code, locals, result, _computation.OperandSlots[slot - _computation.Parameters.Length], element);
        }
    }

    /// <summary>Emits one element of scalars put together: a scalar of a Stack, or the sum of the scalars that a Scatter adds at that position.</summary>
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
