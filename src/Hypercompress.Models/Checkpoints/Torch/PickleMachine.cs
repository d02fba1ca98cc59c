namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// Runs a pickle of protocol 2 that holds tensors and containers. It has the opcodes that torch.save writes and a
/// closed table of names; anything else is refused, so that no checkpoint can run code. What it builds is counted
/// against a budget: a few bytes can ask for any amount.
/// </summary>
internal sealed class PickleMachine
{
    private readonly PickleCursor _cursor;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, object?> _memo = [];

    // The largest thing that one opcode makes, beside texts and calls.
    private const long StepCost = MemoryBudget.ObjectBytes;
    private const long CallCost = 512;

    private readonly MemoryBudget _budget;
    private readonly Action<TorchStorage>? _onStorage;

    private PickleMachine(Stream program, MemoryBudget budget, Action<TorchStorage>? onStorage) =>
        (_cursor, _budget, _onStorage) = (new PickleCursor(program), budget, onStorage);

    /// <summary>Runs a pickle.</summary>
    /// <param name="program">Is at the start of the pickle, and at its end afterwards.</param>
    /// <param name="budget">What it may cost.</param>
    /// <param name="onStorage">Told of every storage that the pickle names, or null.</param>
    /// <returns>
    /// The objects that it builds: dictionaries by text, lists, tuples (arrays), texts, <see cref="long"/>, <see
    /// cref="double"/>, <see cref="bool"/>, null, element types and <see cref="TorchTensorNode"/>; containers may occur
    /// in several places.
    /// </returns>
    /// <exception cref="PickleException">
    /// It is malformed, asks for something else, or builds more than the budget allows.
    /// </exception>
    public static object? Run(Stream program, MemoryBudget budget, Action<TorchStorage>? onStorage = null)
    {
        var machine = new PickleMachine(program, budget, onStorage);
        while (true)
        {
            byte opcode = machine._cursor.ReadByte();
            if (opcode == (byte)'.')
            {
                return machine.Pop();
            }

            machine.Spend(StepCost);
            machine.Step(opcode);
        }
    }

    private void Spend(long bytes)
    {
        if (!_budget.Take(bytes))
        {
            throw new PickleException("it builds far more than a file of its size holds");
        }
    }

    private string ReadText(uint length)
    {
        Spend(2 * long.Min(length, _cursor.Remaining));
        return _cursor.ReadText(length);
    }

    private void Step(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: CheckProtocol(); break;
            case (byte)'(': _marks.Push(_stack.Count); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)_cursor.ReadInt32()); break;
            case (byte)'K': Push((long)_cursor.ReadByte()); break;
            case (byte)'M': Push((long)_cursor.ReadUInt16()); break;
            case 0x8A: Push(_cursor.ReadLong()); break;
            case (byte)'G': Push(_cursor.ReadDouble()); break;
            case (byte)'X': Push(ReadText(_cursor.ReadUInt32())); break;
            case (byte)'U': Push(ReadText(_cursor.ReadByte())); break;
            case (byte)'q': _memo[_cursor.ReadByte()] = Peek(); break;
            case (byte)'r': _memo[_cursor.ReadUInt32()] = Peek(); break;
            case (byte)'h': Push(Recall(_cursor.ReadByte())); break;
            case (byte)'j': Push(Recall(_cursor.ReadUInt32())); break;
            default: StepContainer(opcode); break;
        }
    }

    private void StepContainer(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'}': Push(new Dictionary<string, object?>(StringComparer.Ordinal)); break;
            case (byte)']': Push(new List<object?>()); break;
            case 0x8F: Push(new List<object?>()); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case 0x85: Push(PopLast(1)); break;
            case 0x86: Push(PopLast(2)); break;
            case 0x87: Push(PopLast(3)); break;
            case (byte)'t': Push(PopToMark()); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'s': SetItems(PopLast(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            default: StepObject(opcode); break;
        }
    }

    private void StepObject(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'c': Push(TorchGlobal.Find(_cursor.ReadLine(), _cursor.ReadLine())); break;
            case (byte)'Q': PushStorage(); break;
            case (byte)'R': Reduce(); break;
            case 0x81: Reduce(); break;
            case (byte)'b': DropState(); break;
            default:
                throw new PickleException(
                    $"opcode 0x{opcode:X2} at {_cursor.Position - 1} is not one that torch.save writes");
        }
    }

    private void CheckProtocol()
    {
        byte protocol = _cursor.ReadByte();
        if (protocol != 2)
        {
            throw new PickleException($"protocol {protocol}, only 2 is read");
        }
    }

    private void PushStorage()
    {
        TorchStorage storage = TorchObjects.Storage(Pop());
        _onStorage?.Invoke(storage);
        Push(storage);
    }

    private void Reduce()
    {
        object? arguments = Pop();
        object? function = Pop();
        Spend(CallCost
            + (arguments is object?[] and [List<object?> pairs] ? MemoryBudget.ObjectBytes * pairs.Count : 0));
        Push(function is TorchGlobal global && arguments is object?[] tuple
            ? TorchObjects.Build(global, tuple)
            : throw new PickleException("something that is not a function is called"));
    }

    /// <summary>The state of an OrderedDict is version information of modules, which nothing here needs.</summary>
    private void DropState()
    {
        Pop();
        if (Peek() is not Dictionary<string, object?>)
        {
            throw new PickleException("an object other than a dictionary has a state");
        }
    }

    private void Append(object?[] items)
    {
        if (Peek() is not List<object?> list)
        {
            throw new PickleException("items are appended to something that is not a list");
        }

        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not Dictionary<string, object?> dictionary || items.Length % 2 != 0)
        {
            throw new PickleException("items are set in something that is not a dictionary, or a value is missing");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary[TorchObjects.Key(items[i])] = items[i + 1];
        }
    }

    private object? Recall(uint index) => _memo.TryGetValue(index, out object? value)
        ? value
        : throw new PickleException($"memo {index} is recalled before it is set");

    private void Push(object? value) => _stack.Add(value);

    private object? Pop() => PopLast(1)[0];

    private object? Peek() => _stack.Count > Floor
        ? _stack[^1]
        : throw new PickleException("the stack is empty");

    private int Floor => _marks.TryPeek(out int mark) ? mark : 0;

    private object?[] PopLast(int count) => _stack.Count - Floor >= count
        ? PopFrom(_stack.Count - count)
        : throw new PickleException("the stack is empty");

    private object?[] PopToMark() => _marks.TryPop(out int mark)
        ? PopFrom(mark)
        : throw new PickleException("a mark is missing");

    private object?[] PopFrom(int start)
    {
        object?[] items = [.. _stack[start..]];
        _stack.RemoveRange(start, items.Length);
        return items;
    }
}
