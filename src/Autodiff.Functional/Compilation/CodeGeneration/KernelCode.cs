// Compiles kernels to machine code: one method for each, emitted for the widest registers that the processor has.

using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.CodeGeneration;

/// <summary>
/// The code of a kernel: runs the samples from a start to an end, for the iterations of the outermost loop from a first to a last (both ends
/// exclusive), given the pointers to the segments of memory.
/// </summary>
internal unsafe delegate void KernelRun(double** segments, long start, long end, long first, long last);

/// <summary>Compiles one kernel to a method.</summary>
[UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Of, the only entry point, requires dynamic code.")]
[UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The type parameters of these methods need no members beyond their constraints.")]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Of declares the types whose members are used.")]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Of declares the types whose members are used.")]
internal sealed class KernelCode
{
    private static readonly Registers s_registers = Vector512.IsHardwareAccelerated ? new(typeof(Vector512), typeof(Vector512<double>), typeof(Lanes512), Vector512<double>.Count)
        : Vector256.IsHardwareAccelerated ? new(typeof(Vector256), typeof(Vector256<double>), typeof(Lanes256), Vector256<double>.Count)
        : new(typeof(Vector128), typeof(Vector128<double>), typeof(Lanes128), Vector128<double>.Count);

    // Points to as many doubles of set bits as a register has lanes, behind as many doubles of zero bits. Loading a register k doubles before it gives
    // the mask of all lanes but the first k. (Calling a function to make the mask would force all sums out of their registers.)
    private static readonly nint s_maskOfAll = MaskOfAll();

    // The parameters of a method that give the iterations of the outermost loop, by number.
    private const byte FirstIteration = 4;
    private const byte LastIteration = 5;

    // The most instructions of short code. Short code may be emitted twice (the time to compile a method grows with its length), and leaves registers
    // free for loads that are the same for all samples.
    private const int ShortCode = 64;

    private readonly Kernel _kernel;
    private readonly ILGenerator _code;
    private readonly bool[] _isInline;

    // A row of loads is emitted where the first of them is, and a row of stores where the last of them is.
    private readonly ILookup<int, int[]> _rows;
    private readonly bool[] _isInRow;

    // Loads that are emitted before the loop over the samples, since they are the same for all samples.
    private readonly bool[] _isForAll;
    private readonly LocalBuilder?[] _values;

    // The values whose last use is at an instruction, as a linked list: their variables are used for other values from there on. The JIT compiler
    // tracks about a thousand variables and leaves all others in memory. This is done for scalar kernels only: kernels over samples have fewer
    // variables, and get worse code if these change their values.
    private readonly int[] _lastUsed;
    private readonly int[] _usedAlike;
    private readonly Stack<LocalBuilder> _free = [];
    private readonly Dictionary<int, LocalBuilder> _sums = [];
    private readonly Dictionary<BaseKey, LocalBuilder> _bases = [];
    private readonly Dictionary<int, LocalBuilder> _offsets = [];
    private readonly LocalBuilder _sample;
    private readonly LocalBuilder _mask;
    private readonly bool _isVector;
    private readonly Type _number;

    /// <summary>The operator of the register type that a primitive is, as one instruction of the processor; null if there is none.</summary>
    private static string? OperatorOf(Op op) => op switch
    {
        Op.Add => "op_Addition",
        Op.Subtract => "op_Subtraction",
        Op.Multiply => "op_Multiply",
        Op.Divide => "op_Division",
        Op.Negate => "op_UnaryNegation",
        _ => null,
    };

    /// <summary>The function of the register type that compares, which sets all bits of a lane; null if a primitive is no comparison.</summary>
    private static string? ComparisonOf(Op op) => op switch
    {
        Op.Less => "LessThan",
        Op.LessOrEqual => "LessThanOrEqual",
        Op.Greater => "GreaterThan",
        Op.GreaterOrEqual => "GreaterThanOrEqual",
        Op.Equal => "Equals",
        _ => null,
    };

    /// <summary>Whether a primitive is a function of the register type of the same name, and one instruction.</summary>
    private static bool IsFunction(Op op) => op is Op.Abs or Op.Sqrt or Op.Min or Op.Max;

    private KernelCode(Kernel kernel, ILGenerator code)
    {
        (_kernel, _code, _isVector) = (kernel, code, kernel.Space.IsVector);
        _values = new LocalBuilder?[kernel.Code.Count];
        _isInline = Nesting.Of(kernel.Code, Nesting.Deepest);
        _isInRow = new bool[kernel.Code.Count];
        _rows = Rows().ToLookup(row => kernel.Code[row[0]].Act == Act.Load ? row.Min() : row.Max());
        _isForAll = ForAll();
        (_lastUsed, _usedAlike) = LastUsed();
        _number = _isVector ? s_registers.Vector : typeof(double);
        _sample = code.DeclareLocal(typeof(long));
        _mask = code.DeclareLocal(_number);
    }

    /// <summary>The compiled method of a kernel.</summary>
    [RequiresDynamicCode("It emits a method at run time.")]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(Vector128))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(Vector256))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(Vector512))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Vector128<double>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Vector256<double>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Vector512<double>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Lanes128))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Lanes256))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Lanes512))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(KernelCode))]
    public static unsafe KernelRun Of(Kernel kernel)
    {
        var method = new DynamicMethod("Kernel", typeof(void), [typeof(object), typeof(double**), typeof(long), typeof(long), typeof(long), typeof(long)], typeof(KernelCode), true);
        method.InitLocals = false;
        new KernelCode(kernel, method.GetILGenerator()).Emit();
        var run = method.CreateDelegate<KernelRun>(null);

        // Compiled to machine code now, in parallel with other kernels, and not at the first call.
        RuntimeHelpers.PrepareDelegate(run);
        return run;
    }

    private void Emit()
    {
        var counters = new LocalBuilder[_kernel.Space.Lengths.Length];
        var starts = new Label[counters.Length];
        for (var loop = 0; loop < counters.Length; loop++)
        {
            counters[loop] = _code.DeclareLocal(typeof(long));
            starts[loop] = _code.DefineLabel();
            if (loop == 0)
            {
                _code.Emit(OpCodes.Ldarg_S, FirstIteration);
            }
            else
            {
                _code.Emit(OpCodes.Ldc_I8, 0L);
            }

            _code.Emit(OpCodes.Stloc, counters[loop]);
            _code.MarkLabel(starts[loop]);
        }

        EmitBases(counters);
        if (_isVector)
        {
            EmitSamples();
        }
        else
        {
            EmitInstructions(isMasked: false);
        }

        for (var loop = counters.Length - 1; loop >= 0; loop--)
        {
            _code.Emit(OpCodes.Ldloc, counters[loop]);
            _code.Emit(OpCodes.Ldc_I8, 1L);
            _code.Emit(OpCodes.Add);
            _code.Emit(OpCodes.Dup);
            _code.Emit(OpCodes.Stloc, counters[loop]);
            if (loop == 0)
            {
                _code.Emit(OpCodes.Ldarg_S, LastIteration);
            }
            else
            {
                _code.Emit(OpCodes.Ldc_I8, (long)_kernel.Space.Lengths[loop]);
            }

            _code.Emit(OpCodes.Blt, starts[loop]);
        }

        _code.Emit(OpCodes.Ret);
    }

    /// <summary>Emits the pointers that all accesses in an iteration of the loops are relative to.</summary>
    private void EmitBases(LocalBuilder[] counters)
    {
        foreach (var instruction in _kernel.Code)
        {
            if (instruction.Access is not { } access || !_bases.TryAdd(new(access, counters.Length), null!))
            {
                continue;
            }

            var pointer = _bases[new(access, counters.Length)] = _code.DeclareLocal(typeof(byte*));
            _code.Emit(OpCodes.Ldarg_1);
            _code.Emit(OpCodes.Ldc_I4, access.Segment * IntPtr.Size);
            _code.Emit(OpCodes.Add);
            _code.Emit(OpCodes.Ldind_I);
            for (var loop = 0; loop < counters.Length; loop++)
            {
                if (access.AlongLoop(loop) != 0)
                {
                    _code.Emit(OpCodes.Ldloc, counters[loop]);
                    _code.Emit(OpCodes.Ldc_I8, access.AlongLoop(loop) * (long)sizeof(double));
                    _code.Emit(OpCodes.Mul);
                    _code.Emit(OpCodes.Conv_I);
                    _code.Emit(OpCodes.Add);
                }
            }

            _code.Emit(OpCodes.Stloc, pointer);
        }
    }

    /// <summary>Emits the loop over all samples, one register at a time. The last register ends with the last sample, and repeats some of the samples before.</summary>
    private void EmitSamples()
    {
        for (var i = 0; i < _kernel.Code.Count; i++)
        {
            if (_kernel.Code[i].Act == Act.Fold)
            {
                _sums[i] = _code.DeclareLocal(_number);
                PushAddress(_kernel.Code[i].Access!, 0);
                _code.Emit(OpCodes.Call, s_registers.Static("Load", 1));
                _code.Emit(OpCodes.Stloc, _sums[i]);
            }
        }

        for (var i = 0; i < _kernel.Code.Count; i++)
        {
            if (_isForAll[i])
            {
                EmitLoad(_kernel.Code[i].Access!);
                _code.Emit(OpCodes.Stloc, _values[i] = _code.DeclareLocal(_number));
            }
        }

        _code.Emit(OpCodes.Ldarg_2);
        _code.Emit(OpCodes.Stloc, _sample);
        if (_kernel.Code.Count <= ShortCode && _kernel.Code.Exists(instruction => instruction.Act is Act.Accumulate or Act.Fold))
        {
            EmitSamplesTwice();
        }
        else
        {
            EmitSamplesOnce();
        }

        foreach (var (i, sum) in _sums)
        {
            _code.Emit(OpCodes.Ldloc, sum);
            PushAddress(_kernel.Code[i].Access!, 0);
            _code.Emit(OpCodes.Call, s_registers.Static("Store", 2));
        }
    }

    /// <summary>Emits one loop, whose last iteration is moved back so that the register ends with the last sample.</summary>
    private void EmitSamplesOnce()
    {
        var (next, isWhole) = (_code.DefineLabel(), _code.DefineLabel());
        _code.Emit(OpCodes.Call, s_registers.Vector.GetProperty("AllBitsSet")!.GetMethod!);
        _code.Emit(OpCodes.Stloc, _mask);
        _code.MarkLabel(next);
        _code.Emit(OpCodes.Ldloc, _sample);
        PushLastRegister();
        _code.Emit(OpCodes.Ble, isWhole);
        EmitLastRegister();
        _code.MarkLabel(isWhole);
        EmitInstructions(isMasked: true);
        EmitNextRegister();
        _code.Emit(OpCodes.Ldarg_3);
        _code.Emit(OpCodes.Blt, next);
    }

    /// <summary>Emits a loop over whole registers without masks, then the last register: in short code, masking costs as much as the work itself.</summary>
    private void EmitSamplesTwice()
    {
        var (next, last, end) = (_code.DefineLabel(), _code.DefineLabel(), _code.DefineLabel());
        _code.Emit(OpCodes.Ldloc, _sample);
        PushLastRegister();
        _code.Emit(OpCodes.Bgt, last);
        _code.MarkLabel(next);
        EmitInstructions(isMasked: false);
        EmitNextRegister();
        PushLastRegister();
        _code.Emit(OpCodes.Ble, next);
        _code.MarkLabel(last);
        _code.Emit(OpCodes.Ldloc, _sample);
        _code.Emit(OpCodes.Ldarg_3);
        _code.Emit(OpCodes.Bge, end);
        EmitLastRegister();
        EmitInstructions(isMasked: true);
        _code.MarkLabel(end);
    }

    /// <summary>Pushes the first sample of the last register.</summary>
    private void PushLastRegister()
    {
        _code.Emit(OpCodes.Ldarg_3);
        _code.Emit(OpCodes.Ldc_I8, (long)s_registers.Count);
        _code.Emit(OpCodes.Sub);
    }

    /// <summary>Moves to the last register, and loads the mask of the lanes that are not repeated.</summary>
    private void EmitLastRegister()
    {
        _code.Emit(OpCodes.Ldloc, _sample);
        PushLastRegister();
        _code.Emit(OpCodes.Dup);
        _code.Emit(OpCodes.Stloc, _sample);
        _code.Emit(OpCodes.Sub);
        _code.Emit(OpCodes.Ldc_I8, (long)sizeof(double));
        _code.Emit(OpCodes.Mul);
        _code.Emit(OpCodes.Neg);
        _code.Emit(OpCodes.Ldc_I8, (long)s_maskOfAll);
        _code.Emit(OpCodes.Add);
        _code.Emit(OpCodes.Conv_I);
        _code.Emit(OpCodes.Call, s_registers.Static("Load", 1));
        _code.Emit(OpCodes.Stloc, _mask);
    }

    /// <summary>Moves to the next register, and pushes its first sample.</summary>
    private void EmitNextRegister()
    {
        _code.Emit(OpCodes.Ldloc, _sample);
        _code.Emit(OpCodes.Ldc_I8, (long)s_registers.Count);
        _code.Emit(OpCodes.Add);
        _code.Emit(OpCodes.Dup);
        _code.Emit(OpCodes.Stloc, _sample);
    }

    private void EmitInstructions(bool isMasked)
    {
        foreach (var along in _kernel.Code.Where(instruction => instruction.Access is not null && instruction.Act != Act.Fold).Select(instruction => instruction.Access!.Along).Distinct())
        {
            if (along != 0 && _isVector)
            {
                _code.Emit(OpCodes.Ldloc, _sample);
                _code.Emit(OpCodes.Ldc_I8, along * (long)sizeof(double));
                _code.Emit(OpCodes.Mul);
                _code.Emit(OpCodes.Conv_I);
                _code.Emit(OpCodes.Stloc, _offsets[along] = _code.DeclareLocal(typeof(nint)));
            }
        }

        for (var i = 0; i < _kernel.Code.Count; i++)
        {
            foreach (var row in _rows[i])
            {
                EmitRow(row);
            }

            if (!_isInline[i] && !_isInRow[i] && !_isForAll[i])
            {
                EmitInstruction(i, isMasked);
            }
        }
    }

    private void EmitInstruction(int i, bool isMasked)
    {
        var instruction = _kernel.Code[i];
        switch (instruction.Act)
        {
            case Act.Store:
                EmitStore(instruction.Access!, () => Push(instruction.A));
                break;
            case Act.Accumulate when instruction.Access!.Table is not null:
                EmitAdditions(instruction, isMasked);
                break;
            case Act.Accumulate:
                EmitStore(instruction.Access!, () =>
                {
                    EmitLoad(instruction.Access!);
                    PushMasked(instruction, isMasked);
                    EmitOperation(instruction.Op);
                });
                break;
            case Act.Fold:
                EmitFold(instruction, _sums[i], isMasked);
                break;
            default:
                EmitValue(instruction);
                break;
        }

        for (var value = _lastUsed[i]; value > 0; value = _usedAlike[value - 1])
        {
            _free.Push(_values[value - 1]!);
        }

        if (!instruction.IsEffect)
        {
            _code.Emit(OpCodes.Stloc, Variable(i));
        }
    }

    /// <summary>The variable that keeps a value from now on.</summary>
    private LocalBuilder Variable(int value) => _values[value] = _free.TryPop(out var used) ? used : _code.DeclareLocal(_number);

    /// <summary>
    /// For each instruction one of the values that no instruction after it reads, and for each value another value of the same instruction. Values
    /// count from 1; 0 ends the list.
    /// </summary>
    private (int[] Of, int[] Next) LastUsed()
    {
        // places: the instruction at which the code of a value is emitted, which is where it is used if it has no variable.
        var count = _isVector ? 0 : _kernel.Code.Count;
        var (places, last) = (new int[count], new int[count]);
        var (of, next) = (new int[_kernel.Code.Count], new int[count]);
        for (var i = count - 1; i >= 0; i--)
        {
            places[i] = _isInline[i] ? last[i] : i;
            for (var operand = 0; operand < _kernel.Code[i].OperandCount; operand++)
            {
                ref var use = ref last[_kernel.Code[i].Operand(operand)];
                use = Math.Max(use, places[i]);
            }

            if (!_isInline[i] && last[i] > i)
            {
                (of[last[i]], next[i]) = (i + 1, of[last[i]]);
            }
        }

        return (of, next);
    }

    /// <summary>The loads that are the same for all samples and are kept in variables, as far as there are registers; long code needs these for other values.</summary>
    private bool[] ForAll()
    {
        var isForAll = new bool[_kernel.Code.Count];
        if (!_isVector || _kernel.Code.Count > ShortCode)
        {
            return isForAll;
        }

        var written = _kernel.Code.Where(instruction => instruction.IsEffect).Select(instruction => instruction.Access!.Buffer).ToHashSet();
        var free = UnrollAndJam.RegistersOfAll - _kernel.Code.Count(instruction => instruction.Act == Act.Fold);
        for (var i = 0; i < isForAll.Length && free > 0; i++)
        {
            if (_kernel.Code[i] is { Act: Act.Load, Access: { Along: 0, Table: null } access } && !written.Contains(access.Buffer))
            {
                (isForAll[i], _isInline[i]) = (true, false);
                free--;
            }
        }

        return isForAll;
    }

    /// <summary>The loads and stores that are done by rows; their values are kept in variables.</summary>
    private List<int[]> Rows()
    {
        List<int[]> rows = !_isVector || !Transposition.IsSupported(s_registers.Count) ? []
            : [.. Transposition.Rows(_kernel, Act.Load, s_registers.Count), .. Transposition.Rows(_kernel, Act.Store, s_registers.Count)];
        foreach (var i in rows.SelectMany(row => row))
        {
            var value = _kernel.Code[i].Act == Act.Load ? i : _kernel.Code[i].A;
            _isInline[value] &= _kernel.Code[value].Act == Act.Number;
            _isInRow[i] = true;
        }

        return rows;
    }

    private void EmitRow(int[] row)
    {
        var first = _kernel.Code[row[0]];
        var registers = Array.ConvertAll(row, _ => _code.DeclareLocal(_number));
        for (var lane = 0; lane < registers.Length; lane++)
        {
            if (first.Act == Act.Load)
            {
                PushAddress(first.Access!, lane);
                _code.Emit(OpCodes.Call, s_registers.Static("Load", 1));
            }
            else
            {
                Push(_kernel.Code[row[lane]].A);
            }

            _code.Emit(OpCodes.Stloc, registers[lane]);
        }

        var transposed = Transposition.Emit(_code, registers);
        for (var lane = 0; lane < registers.Length; lane++)
        {
            _code.Emit(OpCodes.Ldloc, transposed[lane]);
            if (first.Act == Act.Load)
            {
                _code.Emit(OpCodes.Stloc, Variable(row[lane]));
            }
            else
            {
                PushAddress(first.Access!, lane);
                _code.Emit(OpCodes.Call, s_registers.Static("Store", 2));
            }
        }
    }

    private void EmitValue(Instruction instruction)
    {
        switch (instruction.Act)
        {
            case Act.Number:
                PushNumber(instruction.Number);
                break;
            case Act.Load:
                EmitLoad(instruction.Access!);
                break;
            case Act.Apply:
                EmitApply(instruction);
                break;
            default:
                Push(instruction.A);
                Push(instruction.B);
                Push(instruction.C);
                _code.Emit(OpCodes.Call, _isVector ? s_registers.Static("FusedMultiplyAdd", 3) : typeof(Math).GetMethod(nameof(Math.FusedMultiplyAdd))!);
                break;
        }
    }

    private void Push(int value)
    {
        if (_isInline[value])
        {
            EmitValue(_kernel.Code[value]);
        }
        else
        {
            _code.Emit(OpCodes.Ldloc, _values[value]!);
        }
    }

    private void PushNumber(double number)
    {
        _code.Emit(OpCodes.Ldc_R8, number);
        if (_isVector)
        {
            _code.Emit(OpCodes.Call, s_registers.Create);
        }
    }

    /// <summary>Pushes a value; in lanes that repeat samples, the neutral element of the operation instead.</summary>
    private void PushMasked(Instruction instruction, bool isMasked)
    {
        if (!isMasked)
        {
            Push(instruction.A);
            return;
        }

        _code.Emit(OpCodes.Ldloc, _mask);
        Push(instruction.A);
        PushNumber(Monoid.Of(instruction.Op).Neutral);
        _code.Emit(OpCodes.Call, s_registers.Static("ConditionalSelect", 3));
    }

    /// <summary>Emits an addition to a sum, fused with the multiplication if what is added is a product.</summary>
    private void EmitFold(Instruction instruction, LocalBuilder sum, bool isMasked)
    {
        if (isMasked)
        {
            _code.Emit(OpCodes.Ldloc, _mask);
        }

        if (Nesting.IsFused(_kernel.Code, _isInline, instruction))
        {
            var product = _kernel.Code[instruction.A];
            Push(product.A);
            Push(product.B);
            _code.Emit(OpCodes.Ldloc, sum);
            _code.Emit(OpCodes.Call, s_registers.Static("FusedMultiplyAdd", 3));
        }
        else
        {
            _code.Emit(OpCodes.Ldloc, sum);
            Push(instruction.A);
            EmitOperation(instruction.Op);
        }

        if (isMasked)
        {
            _code.Emit(OpCodes.Ldloc, sum);
            _code.Emit(OpCodes.Call, s_registers.Static("ConditionalSelect", 3));
        }

        _code.Emit(OpCodes.Stloc, sum);
    }

    private void PushAddress(Access access, int lane)
    {
        _code.Emit(OpCodes.Ldloc, _bases[new(access, _kernel.Space.Lengths.Length)]);
        if (access.Table is { } table)
        {
            PushStride(table, lane);
            _code.Emit(OpCodes.Ldc_I8, access.Along * (long)sizeof(double));
            _code.Emit(OpCodes.Mul);
            _code.Emit(OpCodes.Conv_I);
            _code.Emit(OpCodes.Add);
            _code.Emit(OpCodes.Ldc_I8, access.Start * (long)sizeof(double));
            _code.Emit(OpCodes.Conv_I);
            _code.Emit(OpCodes.Add);
            return;
        }

        if (_isVector && access.Along != 0)
        {
            _code.Emit(OpCodes.Ldloc, _offsets[access.Along]);
            _code.Emit(OpCodes.Add);
        }

        _code.Emit(OpCodes.Ldc_I8, (access.Start + ((long)lane * access.Along)) * sizeof(double));
        _code.Emit(OpCodes.Conv_I);
        _code.Emit(OpCodes.Add);
    }

    /// <summary>Pushes the whole number that a table has for a lane.</summary>
    private void PushStride(TensorBuffer table, int lane)
    {
        _code.Emit(OpCodes.Ldarg_1);
        _code.Emit(OpCodes.Ldc_I4, table.Segment * IntPtr.Size);
        _code.Emit(OpCodes.Add);
        _code.Emit(OpCodes.Ldind_I);
        _code.Emit(OpCodes.Ldloc, _sample);
        _code.Emit(OpCodes.Ldc_I8, (long)table.Start + lane);
        _code.Emit(OpCodes.Add);
        _code.Emit(OpCodes.Ldc_I8, (long)sizeof(double));
        _code.Emit(OpCodes.Mul);
        _code.Emit(OpCodes.Conv_I);
        _code.Emit(OpCodes.Add);
        _code.Emit(OpCodes.Ldind_I8);
    }

    private void EmitLoad(Access access)
    {
        if (_isVector && access.Along == 1 && access.Table is null)
        {
            PushAddress(access, 0);
            _code.Emit(OpCodes.Call, s_registers.Static("Load", 1));
            return;
        }

        for (var lane = 0; lane < (_isVector && access.Along != 0 ? s_registers.Count : 1); lane++)
        {
            PushAddress(access, lane);
            _code.Emit(OpCodes.Ldind_R8);
        }

        if (_isVector)
        {
            _code.Emit(OpCodes.Call, access.Along == 0 ? s_registers.Create : s_registers.CreateOfEach);
        }
    }

    private void EmitStore(Access access, Action push)
    {
        if (!_isVector)
        {
            PushAddress(access, 0);
            push();
            _code.Emit(OpCodes.Stind_R8);
        }
        else if (access.Along == 1 && access.Table is null)
        {
            push();
            PushAddress(access, 0);
            _code.Emit(OpCodes.Call, s_registers.Static("Store", 2));
        }
        else
        {
            var value = _code.DeclareLocal(_number);
            push();
            _code.Emit(OpCodes.Stloc, value);
            for (var lane = 0; lane < s_registers.Count; lane++)
            {
                PushAddress(access, lane);
                _code.Emit(OpCodes.Ldloc, value);
                _code.Emit(OpCodes.Ldc_I4, lane);
                _code.Emit(OpCodes.Call, s_registers.Static("GetElement", 2));
                _code.Emit(OpCodes.Stind_R8);
            }
        }
    }

    /// <summary>Emits additions through a table, lane by lane, since several lanes may add to the same place.</summary>
    private void EmitAdditions(Instruction instruction, bool isMasked)
    {
        var value = _code.DeclareLocal(_number);
        var target = _code.DeclareLocal(typeof(byte*));
        PushMasked(instruction, isMasked);
        _code.Emit(OpCodes.Stloc, value);
        for (var lane = 0; lane < s_registers.Count; lane++)
        {
            PushAddress(instruction.Access!, lane);
            _code.Emit(OpCodes.Stloc, target);
            _code.Emit(OpCodes.Ldloc, target);
            _code.Emit(OpCodes.Ldloc, target);
            _code.Emit(OpCodes.Ldind_R8);
            _code.Emit(OpCodes.Ldloc, value);
            _code.Emit(OpCodes.Ldc_I4, lane);
            _code.Emit(OpCodes.Call, s_registers.Static("GetElement", 2));
            _code.Emit(OpCodes.Add);
            _code.Emit(OpCodes.Stind_R8);
        }
    }

    private void EmitApply(Instruction instruction)
    {
        if (!_isVector)
        {
            double? exponent = instruction.Op == Op.Pow && _kernel.Code[instruction.B].Act == Act.Number ? _kernel.Code[instruction.B].Number : null;
            ScalarCode.Emit(_code, instruction.Op, instruction.OperandCount, exponent, operand => Push(instruction.Operand(operand)));
            return;
        }

        if (instruction.Op == Op.Where)
        {
            Push(instruction.A);
            PushNumber(0);
            _code.Emit(OpCodes.Call, s_registers.Static("Equals", 2));
            Push(instruction.C);
            Push(instruction.B);
            _code.Emit(OpCodes.Call, s_registers.Static("ConditionalSelect", 3));
            return;
        }

        if (ComparisonOf(instruction.Op) is { } comparison)
        {
            Push(instruction.A);
            Push(instruction.B);
            _code.Emit(OpCodes.Call, s_registers.Static(comparison, 2));
            PushNumber(1);
            _code.Emit(OpCodes.Call, s_registers.Vector.GetMethod("op_BitwiseAnd")!);
            return;
        }

        if (OperatorOf(instruction.Op) is not null || IsFunction(instruction.Op))
        {
            for (var operand = 0; operand < instruction.OperandCount; operand++)
            {
                Push(instruction.Operand(operand));
            }

            EmitOperation(instruction.Op);
            return;
        }

        var function = ElementwiseTable.RegisterMethod(instruction.Op)?.MakeGenericMethod(s_registers.Lanes);
        if (function is null)
        {
            _code.Emit(OpCodes.Ldc_I4, (int)instruction.Op);
        }

        for (var operand = 0; operand < instruction.OperandCount; operand++)
        {
            Push(instruction.Operand(operand));
            _code.Emit(OpCodes.Newobj, s_registers.Wrap);
        }

        _code.Emit(OpCodes.Call, function ?? s_registers.Lanewise(instruction.OperandCount));
        _code.Emit(OpCodes.Ldfld, s_registers.Lanes.GetField("Value")!);
    }

    /// <summary>Emits an operation that is one instruction of the processor, on operands that have been pushed.</summary>
    private void EmitOperation(Op op)
    {
        if (_isVector)
        {
            _code.Emit(OpCodes.Call, OperatorOf(op) is { } name ? s_registers.Operator(name, op.Arity()) : s_registers.Static(op.Name(), op.Arity()));
        }
        else if (op is Op.Add or Op.Multiply)
        {
            _code.Emit(op == Op.Add ? OpCodes.Add : OpCodes.Mul);
        }
        else
        {
            _code.Emit(OpCodes.Call, typeof(Math).GetMethod(op.Name(), [typeof(double), typeof(double)])!);
        }
    }

    private static unsafe nint MaskOfAll()
    {
        var masks = (double*)NativeMemory.AlignedAlloc((nuint)(2 * s_registers.Count * sizeof(double)), 64);
        new Span<double>(masks, s_registers.Count).Clear();
        new Span<double>(masks + s_registers.Count, s_registers.Count).Fill(BitConverter.Int64BitsToDouble(-1));
        return (nint)(masks + s_registers.Count);
    }

    /// <summary>The key of a pointer: what the accesses that share it have in common.</summary>
    private readonly struct BaseKey(Access access, int loops) : IEquatable<BaseKey>
    {
        private readonly Access _access = access;
        private readonly int _loops = loops;

        public bool Equals(BaseKey other)
        {
            if (_access.Segment != other._access.Segment)
            {
                return false;
            }

            for (var loop = 0; loop < _loops; loop++)
            {
                if (_access.AlongLoop(loop) != other._access.AlongLoop(loop))
                {
                    return false;
                }
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is BaseKey other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_access.Segment, _loops > 0 ? _access.AlongLoop(0) : 0, _loops > 1 ? _access.AlongLoop(1) : 0);
    }

    /// <summary>The types and methods for one width of registers.</summary>
    private sealed class Registers(Type statics, Type vector, Type lanes, int count)
    {
        private readonly Dictionary<(string, int), MethodInfo> _static = [];

        public Type Vector => vector;

        public Type Lanes => lanes;

        public int Count => count;

        public ConstructorInfo Wrap { get; } = lanes.GetConstructor([vector])!;

        public MethodInfo Create { get; } = statics.GetMethod("Create", [typeof(double)])!;

        public MethodInfo CreateOfEach { get; } = statics.GetMethod("Create", [.. Enumerable.Repeat(typeof(double), count)])!;

        public MethodInfo Operator(string name, int operands) => vector.GetMethod(name, [.. Enumerable.Repeat(vector, operands)])!;

        public MethodInfo Lanewise(int operands) => typeof(ElementwiseTable).GetMethods().First(method => method.Name == nameof(ElementwiseTable.Lanewise) && method.GetParameters().Length == operands + 1).MakeGenericMethod(lanes);

        /// <summary>A static method on registers of doubles, whether it is generic or not.</summary>
        public MethodInfo Static(string name, int parameters)
        {
            lock (_static)
            {
                if (!_static.TryGetValue((name, parameters), out var method))
                {
                    method = statics.GetMethods().Where(each => each.Name == name && each.GetParameters().Length == parameters)
                        .Select(each => each.IsGenericMethodDefinition ? each.MakeGenericMethod(typeof(double)) : each)
                        .First(each => each.GetParameters().All(parameter => parameter.ParameterType == vector || parameter.ParameterType == typeof(double*) || parameter.ParameterType == typeof(int)));
                    _static.Add((name, parameters), method);
                }

                return method;
            }
        }
    }
}
