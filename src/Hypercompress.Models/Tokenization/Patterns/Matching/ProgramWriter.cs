using System.Collections.Immutable;
using Hypercompress.Models.Tokenization.Patterns.Characters;
using Hypercompress.Models.Tokenization.Patterns.Syntax;

namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>Writes the instructions of a regular expression.</summary>
/// <param name="most">The largest number of instructions.</param>
internal sealed class ProgramWriter(int most)
{
    private readonly List<Instruction> _code = [];
    private readonly NodeFacts _facts = new();
    private readonly Dictionary<CodePointSet, CodePointSet> _sets = [];
    private readonly ImmutableArray<ImmutableArray<int>>.Builder _references =
        ImmutableArray.CreateBuilder<ImmutableArray<int>>();

    private readonly ImmutableArray<Reach>.Builder _reaches = ImmutableArray.CreateBuilder<Reach>();
    private readonly Dictionary<int, int> _groupSlots = [];
    private readonly HashSet<int> _referenced = [];
    private int _slots;
    private int _keep = -1;

    /// <summary>Writes a whole regular expression.</summary>
    /// <exception cref="ArgumentException">It takes too many instructions.</exception>
    public PatternProgram Write(PatternNode node)
    {
        FindReferences(node);
        Append(node);
        Add(new Instruction(OpCode.Accept));
        return new PatternProgram([.. _code], _facts.FirstOf(node))
        {
            Slots = _slots,
            KeepSlot = _keep,
            References = _references.ToImmutable(),
            Reaches = _reaches.ToImmutable(),
        };
    }

    // Groups that nothing refers to need not be noted.
    private void FindReferences(PatternNode node)
    {
        if (node is PatternNode.BackReference reference)
        {
            _referenced.UnionWith(reference.Groups);
        }

        foreach (var part in node.Parts)
        {
            FindReferences(part);
        }
    }

    private int Add(Instruction instruction)
    {
        if (_code.Count == most)
        {
            throw new ArgumentException($"it takes more than {most} steps, because parts of it are repeated too often");
        }

        // Equal sets share their memory.
        if (instruction.Set is { } set)
        {
            instruction = instruction with { Set = _sets.TryGetValue(set, out var known) ? known : _sets[set] = set };
        }

        _code.Add(instruction);
        return _code.Count - 1;
    }

    private void Aim(int at, int target) => _code[at] = _code[at] with { X = target };

    private void Append(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Literal literal:
                AppendSet(NodeFacts.SetOf(literal));
                break;
            case PatternNode.OneOf one:
                AppendSet(one.Set);
                break;
            case PatternNode.Sequence sequence:
                AppendAll(sequence.Items);
                break;
            case PatternNode.Alternatives choice:
                AppendAlternatives(choice.Items);
                break;
            case PatternNode.Repeat repeat:
                AppendRepeat(repeat);
                break;
            case PatternNode.Group group:
                AppendGroup(group);
                break;
            case PatternNode.Atomic atomic:
                AppendOnItsOwn(new Instruction(OpCode.Atomic), atomic.Item);
                break;
            case PatternNode.Look look:
                AppendLook(look);
                break;
            case PatternNode.Anchor anchor:
                AppendAnchor(anchor);
                break;
            case PatternNode.BackReference reference:
                AppendReference(reference);
                break;
            default:
                Add(new Instruction(OpCode.TextSegment));
                break;
        }
    }

    private void AppendSet(CodePointSet set) => Add(set.Single >= 0
        ? new Instruction(OpCode.Character, set.Single)
        : new Instruction(OpCode.OneOf, Set: set));

    private void AppendAll(ImmutableArray<PatternNode> items)
    {
        foreach (var item in items)
        {
            Append(item);
        }
    }

    private void AppendAlternatives(ImmutableArray<PatternNode> items)
    {
        var ends = new List<int>();
        for (int i = 0; i < items.Length; i++)
        {
            bool last = i == items.Length - 1;
            var first = _facts.FirstOf(items[i]);
            int guard = first is null ? -1 : Add(new Instruction(OpCode.Guard, -1, Set: first));
            int split = last ? -1 : Add(new Instruction(OpCode.Split));
            Append(items[i]);
            if (!last)
            {
                ends.Add(Add(new Instruction(OpCode.Jump)));
                Aim(split, _code.Count);
                if (guard >= 0)
                {
                    Aim(guard, _code.Count);
                }
            }
        }

        ends.ForEach(end => Aim(end, _code.Count));
    }

    private void AppendRepeat(PatternNode.Repeat repeat)
    {
        if (SetOf(repeat.Item) is { } set)
        {
            var code = repeat.Greed switch
            {
                Greed.Greedy => OpCode.Greedy,
                Greed.Lazy => OpCode.Lazy,
                _ => OpCode.Possessive,
            };
            Add(new Instruction(code, repeat.Min, repeat.Max, set));
        }
        else if (repeat.Greed == Greed.Possessive)
        {
            AppendOnItsOwn(new Instruction(OpCode.Atomic), repeat with { Greed = Greed.Greedy });
        }
        else
        {
            AppendTimes(repeat);
        }
    }

    private static CodePointSet? SetOf(PatternNode node) => node switch
    {
        PatternNode.OneOf one => one.Set,
        PatternNode.Literal literal => NodeFacts.SetOf(literal),
        _ => null,
    };

    private void AppendTimes(PatternNode.Repeat repeat)
    {
        for (int i = 0; i < repeat.Min; i++)
        {
            Append(repeat.Item);
        }

        if (repeat.Max == int.MaxValue)
        {
            AppendLoop(repeat.Item, repeat.Greed);
            return;
        }

        var ends = new List<int>();
        for (int i = repeat.Min; i < repeat.Max; i++)
        {
            ends.AddRange(AppendChoice(repeat.Item, repeat.Greed));
            Append(repeat.Item);
        }

        ends.ForEach(end => Aim(end, _code.Count));
    }

    private void AppendLoop(PatternNode item, Greed greed)
    {
        int start = _code.Count;
        var ends = AppendChoice(item, greed);
        bool mayBeEmpty = _facts.LengthOf(item).Min == 0;
        int slot = mayBeEmpty ? _slots++ : -1;
        if (mayBeEmpty)
        {
            Add(new Instruction(OpCode.Note, slot));
        }

        Append(item);
        int leave = mayBeEmpty ? Add(new Instruction(OpCode.LeaveIfNothingTaken, slot)) : -1;
        Add(new Instruction(OpCode.Jump, start));
        ends.ForEach(end => Aim(end, _code.Count));
        if (leave >= 0)
        {
            _code[leave] = _code[leave] with { Y = _code.Count };
        }
    }

    /// <summary>Writes the choice between a part and what comes after it.</summary>
    /// <returns>The instructions to aim at what comes after it.</returns>
    private List<int> AppendChoice(PatternNode item, Greed greed)
    {
        var ends = new List<int>();
        if (_facts.FirstOf(item) is { } first)
        {
            ends.Add(Add(new Instruction(OpCode.Guard, Set: first)));
        }

        ends.Add(Add(new Instruction(greed == Greed.Lazy ? OpCode.SplitLater : OpCode.Split)));
        return ends;
    }

    private void AppendAnchor(PatternNode.Anchor anchor)
    {
        if (anchor.Kind != AnchorKind.Keep)
        {
            Add(new Instruction(OpCode.Anchor, (int)anchor.Kind, Set: anchor.Word));
            return;
        }

        _keep = _keep < 0 ? _slots++ : _keep;
        Add(new Instruction(OpCode.Note, _keep));
    }

    private void AppendGroup(PatternNode.Group group)
    {
        if (!_referenced.Contains(group.Number))
        {
            Append(group.Item);
            return;
        }

        int slot = SlotOf(group.Number);
        Add(new Instruction(OpCode.Note, slot));
        Append(group.Item);
        Add(new Instruction(OpCode.Note, slot + 1));
    }

    private int SlotOf(int group)
    {
        if (!_groupSlots.TryGetValue(group, out int slot))
        {
            _groupSlots[group] = slot = _slots;
            _slots += 2;
        }

        return slot;
    }

    private void AppendReference(PatternNode.BackReference reference)
    {
        _references.Add([.. reference.Groups.Select(SlotOf)]);
        Add(new Instruction(OpCode.BackReference, _references.Count - 1, reference.IgnoreCase ? 1 : 0));
    }

    private void AppendLook(PatternNode.Look look)
    {
        if (!look.Behind)
        {
            AppendOnItsOwn(new Instruction(OpCode.LookAhead, Y: look.Negative ? 1 : 0), look.Item);
            return;
        }

        _reaches.Add(_facts.LengthOf(look.Item) with { Negative = look.Negative });
        AppendOnItsOwn(new Instruction(OpCode.LookBehind, Y: _reaches.Count - 1), look.Item);
    }

    private void AppendOnItsOwn(Instruction instruction, PatternNode item)
    {
        int start = Add(instruction);
        Append(item);
        Add(new Instruction(OpCode.Accept));
        Aim(start, _code.Count);
    }
}
