// Writes a kernel as source text: one method for numbers, or for registers of one width. It has the loops and the instructions that KernelCode
// emits as machine code, in the same order, so results have the same bits.

using Autodiff.Functional.Compilation.CodeGeneration;
using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>The source text of one kernel.</summary>
internal sealed class KernelSource
{
    // Kernels of at most this many instructions are written with a variable for each operation. In longer ones operations that are used once are nested,
    // since the JIT compiler keeps a limited number of variables in registers.
    private const int Readable = 128;

    // As in KernelCode: code of at most this many instructions is written twice if it adds up, once without masks.
    private const int ShortCode = 64;

    private readonly Kernel _kernel;
    private readonly MemoryNames _names;
    private readonly string[] _formulas;
    private readonly bool[] _isNested;
    private readonly bool[] _isFused;

    // As in KernelCode: a row of loads is written where the first of them is, and a row of stores where the last of them is.
    private ILookup<int, int[]> _rows = Array.Empty<int[]>().ToLookup(_ => 0);
    private bool[] _isInRow = [];
    private bool[] _isInline = [];

    // The width of the text that is being written; null for numbers.
    private RegisterWidth? _width;
    private readonly Dictionary<int, string> _variables = [];
    private readonly Dictionary<int, string> _sums = [];
    private readonly Dictionary<string, string> _bases = [];

    /// <param name="kernel">The kernel.</param>
    /// <param name="names">The names of what it reads and writes.</param>
    /// <param name="formulas">The formulas of the nodes of its program, for comments.</param>
    public KernelSource(Kernel kernel, MemoryNames names, string[] formulas)
    {
        (_kernel, _names, _formulas) = (kernel, names, formulas);
        var isNested = Nesting.Of(kernel.Code, Nesting.Deepest);
        _isFused = [.. kernel.Code.Select(instruction => Nesting.IsFused(kernel.Code, isNested, instruction))];
        _isNested = kernel.Code.Count > Readable ? isNested : Nesting.Of(kernel.Code, 1);
        for (var i = 0; i < _isFused.Length; i++)
        {
            _isNested[kernel.Code[i].A] |= _isFused[i];
        }
    }

    /// <summary>Whether it is on samples, and is written once for each width of registers.</summary>
    public bool IsVector => _kernel.Space.IsVector;

    /// <summary>The number of iterations of the outermost loop; null if there is no loop.</summary>
    public int? Iterations => _kernel.Space.Lengths is [var outermost, ..] ? outermost : null;

    // The nodes whose formulas have been written.
    private readonly HashSet<int> _written = [];

    /// <summary>The memory that it is given a reference to, in addition to the constants.</summary>
    public string[] Memory => [.. _kernel.Code.Where(instruction => instruction.Access is { } access && !_names.IsConstant(access.Buffer)).Select(instruction => _names.Of(instruction.Access!)).Distinct()];

    /// <summary>The parameters of the method: references to memory, the samples, and the iterations of the outermost loop.</summary>
    public string Parameters => string.Join(", ",
    [
        .. Memory.Select(memory => $"ref double {memory}"),
        .. IsVector ? (string[])["nint start", "nint end"] : [],
        .. Iterations is null ? (string[])[] : ["nint first", "nint last"],
    ]);

    /// <summary>The arguments of a call of the method.</summary>
    /// <param name="sums">The memory that it adds up in.</param>
    /// <param name="start">The first sample.</param>
    /// <param name="end">The sample after the last one.</param>
    /// <param name="first">The first iteration of the outermost loop.</param>
    /// <param name="last">The iteration after the last one; null for all.</param>
    public IEnumerable<string> Arguments(string sums, string start, string end, string first, string? last) =>
    [
        .. Memory.Select(memory => $"ref {(memory == "sums" ? sums : memory)}"),
        .. IsVector ? (string[])[start, end] : [],
        .. Iterations is { } iterations ? (string[])[first, last ?? NumberSource.Whole(iterations)] : [],
    ];

    /// <summary>The names of the parameters, to be passed on.</summary>
    public IEnumerable<string> Names => [.. Memory.Select(memory => $"ref {memory}"), .. IsVector ? (string[])["start", "end"] : [], .. Iterations is null ? (string[])[] : ["first", "last"]];

    // Comments are written once: not again for narrower registers.
    private bool IsCommented => _width is null || _width == RegisterWidth.All[0];

    /// <summary>Writes the method.</summary>
    public void Write(SourceWriter writer, string name, RegisterWidth? width)
    {
        _width = width;
        _written.Clear();
        _variables.Clear();
        _sums.Clear();
        _bases.Clear();
        FindRows();
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Block($"public static void {name}({Parameters})", () => WriteLoop(writer, 0));
    }

    /// <summary>Finds the loads and stores that are done by rows; their values are kept in variables.</summary>
    private void FindRows()
    {
        // A literal needs no variable.
        _isInline = [.. _isNested.Select((isNested, i) => isNested || (!IsVector && _kernel.Code[i].Act == Act.Number))];
        _isInRow = new bool[_isNested.Length];
        List<int[]> rows = _width is { HasTransposition: true } width
            ? [.. Transposition.Rows(_kernel, Act.Load, width.Count), .. Transposition.Rows(_kernel, Act.Store, width.Count)]
            : [];
        foreach (var i in rows.SelectMany(row => row))
        {
            var value = _kernel.Code[i].Act == Act.Load ? i : _kernel.Code[i].A;
            _isInline[value] &= _kernel.Code[value].Act == Act.Number;
            _isInRow[i] = true;
        }

        _rows = rows.ToLookup(row => _kernel.Code[row[0]].Act == Act.Load ? row.Min() : row.Max());
    }

    /// <summary>Writes a row of loads or stores, which are transposed in registers.</summary>
    private void WriteRow(SourceWriter writer, int[] row)
    {
        var (first, count) = (_kernel.Code[row[0]], 0);
        var at = $"r{NumberSource.Whole(row[0])}";
        string Variable(string expression)
        {
            var name = $"{at}_{NumberSource.Whole(++count)}";
            writer.Line($"var {name} = {expression};");
            return name;
        }

        string[] registers = [.. row.Select((i, lane) => Variable(first.Act == Act.Load ? $"{_width!.Functions}.LoadUnsafe(ref {Place(first.Access!, lane)})" : ValueOf(_kernel.Code[i].A)))];
        var (unpack, blocks) = _width!.Transposition;
        var transposed = Transposition.Columns(
            registers, (isHigh, a, b) => Variable($"{unpack}{(isHigh ? "High" : "Low")}({a}, {b})"), (a, b, control) => Variable($"{blocks}({a}, {b}, 0x{control:X2})"));
        for (var lane = 0; lane < row.Length; lane++)
        {
            if (first.Act == Act.Load)
            {
                _variables[row[lane]] = transposed[lane];
            }
            else
            {
                writer.Line($"{transposed[lane]}.StoreUnsafe(ref {Place(first.Access!, lane)});");
            }
        }
    }

    private static string Counter(int loop) => $"i{loop + 1}";

    private void WriteLoop(SourceWriter writer, int loop)
    {
        var lengths = _kernel.Space.Lengths;
        if (loop < lengths.Length)
        {
            var (i, from, to) = (Counter(loop), loop == 0 ? "first" : "0", loop == 0 ? "last" : NumberSource.Whole(lengths[loop]));
            writer.Block($"for (nint {i} = {from}; {i} < {to}; {i}++)", () => WriteLoop(writer, loop + 1));
            return;
        }

        WriteBases(writer);
        if (IsVector)
        {
            WriteSamples(writer);
        }
        else
        {
            WriteInstructions(writer, isMasked: false);
        }
    }

    /// <summary>Writes the references that accesses in an iteration of the loops are relative to.</summary>
    private void WriteBases(SourceWriter writer)
    {
        foreach (var access in _kernel.Code.Select(instruction => instruction.Access).OfType<Access>())
        {
            var memory = MemoryOf(access);
            if (_names.IsConstant(access.Buffer) && !_bases.ContainsKey(_names.Of(access)))
            {
                Name(writer, _names.Of(access), memory);
            }

            if (access.Table is { } table && !_bases.ContainsKey(_names.Of(table)))
            {
                Name(writer, _names.Of(table), $"MemoryMarshal.GetReference(Constants.{_names.Of(table)})");
            }

            if (KeyOf(access) is var key && !_bases.ContainsKey(key))
            {
                var steps = Enumerable.Range(0, _kernel.Space.Lengths.Length).Where(loop => access.AlongLoop(loop) != 0)
                    .Select(loop => access.AlongLoop(loop) == 1 ? Counter(loop) : $"({Counter(loop)} * {NumberSource.Whole(access.AlongLoop(loop))})");
                Name(writer, key, $"Unsafe.Add(ref {(_names.IsConstant(access.Buffer) ? _bases[_names.Of(access)] : memory)}, {string.Join(" + ", steps)})");
            }
        }

        void Name(SourceWriter writer, string key, string reference)
        {
            var name = $"at{_bases.Count + 1}";
            _bases.Add(key, name);
            writer.Line($"ref var {name} = ref {reference};");
        }
    }

    private string MemoryOf(Access access) => _names.IsConstant(access.Buffer) ? $"MemoryMarshal.GetReference(Constants.{_names.Of(access)})" : _names.Of(access);

    /// <summary>What the accesses that share a reference have in common; the name of their memory if they do not move along loops.</summary>
    private string KeyOf(Access access)
    {
        var strides = Enumerable.Range(0, _kernel.Space.Lengths.Length).Select(access.AlongLoop).ToArray();
        var memory = _names.Of(access);
        if (Array.Exists(strides, stride => stride != 0))
        {
            return $"{memory} {string.Join(' ', strides)}";
        }

        if (!_names.IsConstant(access.Buffer))
        {
            _bases.TryAdd(memory, memory);
        }

        return memory;
    }

    /// <summary>Writes the loop over all samples, one register at a time. The last register ends with the last sample, and repeats some of the samples before.</summary>
    private void WriteSamples(SourceWriter writer)
    {
        for (var i = 0; i < _kernel.Code.Count; i++)
        {
            if (_kernel.Code[i].Act == Act.Fold)
            {
                _sums[i] = $"sum{_sums.Count + 1}";
                writer.Line($"var {_sums[i]} = {_width!.Functions}.LoadUnsafe(ref {Place(_kernel.Code[i].Access!, 0)});");
            }
        }

        var count = NumberSource.Whole(_width!.Count);
        var addsUp = _kernel.Code.Exists(instruction => instruction.Act is Act.Accumulate or Act.Fold);
        if (addsUp && _kernel.Code.Count <= ShortCode)
        {
            writer.Line("var s = start;");
            writer.Block($"for (; s <= end - {count}; s += {count})", () => WriteInstructions(writer, isMasked: false));
            writer.Block("if (s < end)", () =>
            {
                WriteLastRegister(writer, addsUp, "var mask");
                WriteInstructions(writer, isMasked: true);
            });
        }
        else
        {
            if (addsUp)
            {
                writer.Line($"var mask = {_width!.Vector}.AllBitsSet;");
            }

            writer.Block($"for (var s = start; s < end; s += {count})", () =>
            {
                writer.Block($"if (s > end - {count})", () => WriteLastRegister(writer, addsUp, "mask"));
                WriteInstructions(writer, isMasked: true);
            });
        }

        foreach (var (i, sum) in _sums)
        {
            writer.Line($"{sum}.StoreUnsafe(ref {Place(_kernel.Code[i].Access!, 0)});");
        }
    }

    /// <summary>Writes the move to the last register, with the mask of the lanes that are not repeated.</summary>
    private void WriteLastRegister(SourceWriter writer, bool addsUp, string mask)
    {
        var (functions, count) = (_width!.Functions, NumberSource.Whole(_width.Count));
        if (addsUp)
        {
            writer.Line($"{mask} = {functions}.GreaterThanOrEqual({functions}<long>.Indices, {functions}.Create((long)(s - (end - {count})))).AsDouble();");
        }

        writer.Line($"s = end - {count};");
    }

    private void WriteInstructions(SourceWriter writer, bool isMasked)
    {
        _variables.Clear();
        foreach (var (isTile, along) in _kernel.Code.Where(instruction => instruction.Access is { Table: null } && instruction.Act != Act.Fold)
            .Select(instruction => (instruction.Access!.Segment == TensorBuffer.Tile, instruction.Access.Along)).Distinct())
        {
            if (IsVector && Along(isTile, along) is var name && along != 0 && (isTile || along != 1))
            {
                var sample = isTile ? "(s - start)" : "s";
                writer.Line($"var {name} = {(along == 1 ? "s - start" : $"{sample} * {NumberSource.Whole(along)}")};");
            }
        }

        for (var i = 0; i < _kernel.Code.Count; i++)
        {
            foreach (var row in _rows[i])
            {
                WriteRow(writer, row);
            }

            if (!_isInline[i] && !_isInRow[i])
            {
                WriteInstruction(writer, i, isMasked);
            }
        }
    }

    /// <summary>The name of the distance of a sample from the first one.</summary>
    private static string Along(bool isTile, int along) => along switch
    {
        1 => isTile ? "u" : "s",
        < 0 => $"{(isTile ? "u" : "s")}Minus{NumberSource.Whole(-along)}",
        _ => $"{(isTile ? "u" : "s")}{NumberSource.Whole(along)}",
    };

    private void WriteInstruction(SourceWriter writer, int i, bool isMasked)
    {
        var instruction = _kernel.Code[i];
        if (_kernel.Origins[i] is >= 0 and var origin && IsCommented && _written.Add(origin))
        {
            writer.Line($"// {_formulas[origin]}");
        }

        switch (instruction.Act)
        {
            case Act.Store:
                WriteStore(writer, i, ValueOf(instruction.A));
                break;
            case Act.Accumulate when instruction.Access!.Table is not null:
                writer.Line($"var r{i} = {Masked(instruction, isMasked)};");
                for (var lane = 0; lane < _width!.Count; lane++)
                {
                    writer.Line($"{Place(instruction.Access!, lane)} += r{i}.GetElement({lane});");
                }

                break;
            case Act.Accumulate:
                WriteStore(writer, i, Operation(instruction.Op, Load(instruction.Access!), Masked(instruction, isMasked)));
                break;
            case Act.Fold:
                WriteFold(writer, i, isMasked);
                break;
            default:
                var name = $"t{NumberSource.Whole(_variables.Count + 1)}";
                writer.Line($"var {name} = {Expression(i)};");
                _variables.Add(i, name);
                break;
        }
    }

    private void WriteStore(SourceWriter writer, int i, string value)
    {
        var access = _kernel.Code[i].Access!;
        if (!IsVector)
        {
            writer.Line($"{Place(access, 0)} = {value};");
        }
        else if (access is { Along: 1, Table: null })
        {
            writer.Line($"{NumberSource.Operand(value)}.StoreUnsafe(ref {Place(access, 0)});");
        }
        else
        {
            writer.Line($"var r{i} = {value};");
            for (var lane = 0; lane < _width!.Count; lane++)
            {
                writer.Line($"{Place(access, lane)} = r{i}.GetElement({lane});");
            }
        }
    }

    /// <summary>Writes an addition to a sum, fused with the multiplication if what is added is a product.</summary>
    private void WriteFold(SourceWriter writer, int i, bool isMasked)
    {
        var (instruction, sum, functions) = (_kernel.Code[i], _sums[i], _width!.Functions);
        var added = _kernel.Code[instruction.A];
        var total = _isFused[i]
            ? $"{functions}.FusedMultiplyAdd({ValueOf(added.A)}, {ValueOf(added.B)}, {sum})"
            : Operation(instruction.Op, sum, ValueOf(instruction.A));
        writer.Line($"{sum} = {(isMasked ? $"{functions}.ConditionalSelect(mask, {total}, {sum})" : total)};");
    }

    /// <summary>A value; in lanes that repeat samples, the neutral element of the operation instead.</summary>
    private string Masked(Instruction instruction, bool isMasked) => !isMasked || !IsVector ? ValueOf(instruction.A)
        : $"{_width!.Functions}.ConditionalSelect(mask, {ValueOf(instruction.A)}, {Number(Monoid.Of(instruction.Op).Neutral)})";

    private string ValueOf(int value) => _variables.TryGetValue(value, out var name) ? name : Expression(value);

    private string Expression(int i)
    {
        var instruction = _kernel.Code[i];
        return instruction.Act switch
        {
            Act.Number => Number(instruction.Number),
            Act.Load => Load(instruction.Access!),
            Act.Apply => Apply(instruction),
            _ => $"{(IsVector ? _width!.Functions : "Math")}.FusedMultiplyAdd({ValueOf(instruction.A)}, {ValueOf(instruction.B)}, {ValueOf(instruction.C)})",
        };
    }

    private string Number(double number) => !IsVector ? NumberSource.Literal(number)
        : number == 0 && double.IsPositive(number) ? $"{_width!.Vector}.Zero" : $"{_width!.Functions}.Create({NumberSource.Literal(number)})";

    private string Load(Access access) => !IsVector ? Place(access, 0)
        : access is { Along: 1, Table: null } ? $"{_width!.Functions}.LoadUnsafe(ref {Place(access, 0)})"
        : access.Along == 0 && access.Table is null ? $"{_width!.Functions}.Create({Place(access, 0)})"
        : $"{_width!.Functions}.Create({string.Join(", ", Enumerable.Range(0, _width.Count).Select(lane => Place(access, lane)))})";

    /// <summary>The place in memory that an access is to, for a lane of a register.</summary>
    private string Place(Access access, int lane)
    {
        var at = _bases[KeyOf(access)];
        var start = _names.From(access.Buffer, access.Start);
        if (!IsVector || (access.Along == 0 && access.Table is null))
        {
            return At(null, start);
        }

        if (access.Table is { } table)
        {
            var position = $"BitConverter.DoubleToInt64Bits(Unsafe.Add(ref {_bases[_names.Of(table)]}, s + {lane}))";
            return At($"((nint){position} * {NumberSource.Whole(access.Along)})", start);
        }

        // Sums have their own memory, in which samples have no place.
        return At(Along(access.Segment == TensorBuffer.Tile, access.Along), start + (lane * (long)access.Along));

        string At(string? distance, long constant) => (distance, constant) switch
        {
            (null, 0) => at,
            (null, _) => $"Unsafe.Add(ref {at}, {NumberSource.Whole(constant)})",
            (_, 0) => $"Unsafe.Add(ref {at}, {distance})",
            (_, < 0) => $"Unsafe.Add(ref {at}, {distance} - {NumberSource.Whole(-constant)})",
            _ => $"Unsafe.Add(ref {at}, {distance} + {NumberSource.Whole(constant)})",
        };
    }

    private string Apply(Instruction instruction)
    {
        var operands = new string[instruction.OperandCount];
        for (var operand = 0; operand < operands.Length; operand++)
        {
            operands[operand] = ValueOf(instruction.Operand(operand));
        }

        if (!IsVector)
        {
            double? exponent = instruction.Op == Op.Pow && _kernel.Code[instruction.B].Act == Act.Number ? _kernel.Code[instruction.B].Number : null;
            return NumberSource.Apply(instruction.Op, exponent, operands);
        }

        var functions = _width!.Functions;
        return instruction.Op switch
        {
            Op.StopGradient => operands[0],
            Op.Negate => $"-{NumberSource.Operand(operands[0])}",
            Op.Where => $"{functions}.ConditionalSelect({functions}.Equals({operands[0]}, {Number(0)}), {operands[2]}, {operands[1]})",
            Op.Less or Op.LessOrEqual or Op.Greater or Op.GreaterOrEqual or Op.Equal => $"{functions}.{ComparisonOf(instruction.Op)}({operands[0]}, {operands[1]}) & {Number(1)}",
            Op.Add or Op.Subtract or Op.Multiply or Op.Divide or Op.Min or Op.Max => Operation(instruction.Op, operands[0], operands[1]),
            Op.Abs or Op.Sqrt => $"{functions}.{instruction.Op}({operands[0]})",
            _ => Function(instruction.Op, operands),
        };
    }

    private static string ComparisonOf(Op op) => op switch
    {
        Op.Less => "LessThan",
        Op.LessOrEqual => "LessThanOrEqual",
        Op.Greater => "GreaterThan",
        Op.GreaterOrEqual => "GreaterThanOrEqual",
        _ => "Equals",
    };

    private string Operation(Op op, string a, string b) => op is Op.Min or Op.Max
        ? $"{(IsVector ? _width!.Functions : "Math")}.{op}({a}, {b})"
        : $"{NumberSource.Operand(a)} {NumberSource.OperatorOf(op)} {NumberSource.Operand(b)}";

    /// <summary>A call of a function of registers: of the library's, or of one that computes lane by lane.</summary>
    private string Function(Op op, string[] operands)
    {
        var type = ElementwiseTable.RegisterMethod(op) is null ? LanewiseSource.Type : "Elementary";
        var call = $"{type}.{op.Name()}<{_width!.Lanes}>({string.Join(", ", operands.Select(operand => $"new({operand})"))}).Value";
        return LibrarySource.IsComplete(call) ? call
            : throw new AutodiffException($"ToCSharp: {op} cannot be written as source text, because its values come from another library.");
    }
}
