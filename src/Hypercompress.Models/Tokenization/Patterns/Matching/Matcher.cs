using Hypercompress.Models.Tokenization.Patterns.Characters;
using Hypercompress.Models.Tokenization.Patterns.Syntax;

namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>
/// Finds the matches of a program in one text by backtracking, with a limit to the steps and to the memory that this
/// may take. A surrogate pair is one character.
/// </summary>
internal ref struct Matcher
{
    private const int Failed = -1;
    private const int Anywhere = -1;

    private readonly PatternProgram _program;
    private readonly ReadOnlySpan<Instruction> _code;
    private readonly MatchedText _text;
    private readonly BacktrackStack _stack;
    private readonly WorkBudget _budget;
    private readonly int[] _slots;
    private int _searchStart;
    private long _steps;

    /// <param name="program">The program.</param>
    /// <param name="text">The text.</param>
    /// <param name="budget">The work that may be spent.</param>
    public Matcher(PatternProgram program, ReadOnlySpan<char> text, WorkBudget budget)
    {
        _program = program;
        _code = program.Code;
        _text = new MatchedText(text);
        _stack = new BacktrackStack(text.Length);
        _budget = budget;
        _slots = new int[program.Slots];
    }

    /// <summary>
    /// Appends all matches as Hugging Face's tokenizers sees them: each search begins where the last match ended, and a
    /// match without length right there is left out.
    /// </summary>
    /// <exception cref="WorkBudgetException">The budget is spent.</exception>
    public void FindAll(List<TextRange> matches)
    {
        if (_text.Length == 0)
        {
            return;
        }

        int lastEnd = -1;
        int from = 0;
        while (from <= _text.Length && TryFind(from, out var match))
        {
            if (match.Length == 0 && match.End == lastEnd)
            {
                from += from < _text.Length ? _text.LengthAt(from) : 1;
                continue;
            }

            matches.Add(match);
            from = lastEnd = match.End;
        }

        Settle();
    }

    private bool TryFind(int from, out TextRange match)
    {
        _searchStart = from;
        for (int start = from; start <= _text.Length; start += start < _text.Length ? _text.LengthAt(start) : 1)
        {
            if (_program.First is { } first && !SkipTo(first, ref start))
            {
                break;
            }

            _stack.Count = 0;
            Spend(_slots.Length / 8);
            Array.Fill(_slots, -1);
            int end = Run(0, start, Anywhere);
            if (end != Failed)
            {
                int kept = _program.KeepSlot < 0 ? -1 : _slots[_program.KeepSlot];
                int begin = kept < 0 ? start : kept;
                match = new TextRange(begin, end - begin);
                return true;
            }
        }

        match = default;
        return false;
    }

    private bool SkipTo(CodePointSet first, ref int start)
    {
        int begin = start;
        while (start < _text.Length && !first.Contains(_text.CodePointAt(start, out int length)))
        {
            start += length;
        }

        Spend((start - begin) / 4);
        return start < _text.Length;
    }

    /// <summary>Matches from an instruction up to an <see cref="OpCode.Accept"/>.</summary>
    /// <param name="at">The instruction.</param>
    /// <param name="position">Where the text to match begins.</param>
    /// <param name="requiredEnd">Where it has to end; <see cref="Anywhere"/> for anywhere.</param>
    /// <returns>Where it ends; <see cref="Failed"/> where there is no match.</returns>
    private int Run(int at, int position, int requiredEnd)
    {
        int floor = _stack.Count;
        while (true)
        {
            if (++_steps >= 4096)
            {
                Settle();
            }

            ref readonly var step = ref _code[at];
            if (step.Code == OpCode.Accept && (requiredEnd == Anywhere || position == requiredEnd))
            {
                _stack.DropAlternatives(floor);
                return position;
            }

            if (!Try(step, ref at, ref position) && !Backtrack(floor, ref at, ref position))
            {
                return Failed;
            }
        }
    }

    private bool Try(in Instruction step, ref int at, ref int position)
    {
        at++;
        switch (step.Code)
        {
            case OpCode.Character:
                return _text.TakeCharacter(step.X, ref position);
            case OpCode.OneOf:
                return _text.TakeOneOf(step.Set!, ref position);
            case OpCode.Greedy or OpCode.Possessive:
                return TakeMany(step, at, ref position);
            case OpCode.Lazy:
                return TakeFew(step, at, ref position);
            case OpCode.Guard:
                return _text.IsNext(step.Set!, position) || GoTo(step.X, ref at);
            case OpCode.Jump:
                at = step.X;
                return true;
            case OpCode.Split:
                _stack.Push(new BacktrackEntry(BacktrackKind.Elsewhere, step.X, position));
                return true;
            case OpCode.SplitLater:
                _stack.Push(new BacktrackEntry(BacktrackKind.Elsewhere, at, position));
                at = step.X;
                return true;
            case OpCode.Note:
                _stack.Push(new BacktrackEntry(BacktrackKind.Restore, step.X, _slots[step.X]));
                _slots[step.X] = position;
                return true;
            case OpCode.LeaveIfNothingTaken:
                at = _slots[step.X] == position ? step.Y : at;
                return true;
            default:
                return TryOther(step, ref at, ref position);
        }
    }

    private bool TryOther(in Instruction step, ref int at, ref int position)
    {
        switch (step.Code)
        {
            case OpCode.Anchor:
                return _text.Holds((AnchorKind)step.X, step.Set, position, _searchStart);
            case OpCode.LookAhead:
                bool fits = Run(at, position, Anywhere) != Failed;
                at = step.X;
                return fits == (step.Y == 0);
            case OpCode.LookBehind:
                var reach = _program.Reaches[step.Y];
                bool behind = FitsBehind(at, position, reach);
                at = step.X;
                return behind != reach.Negative;
            case OpCode.Atomic:
                int end = Run(at, position, Anywhere);
                at = step.X;
                position = end;
                return end != Failed;
            case OpCode.BackReference:
                return TakeReference(step, ref position);
            case OpCode.TextSegment:
                int segment = _text.SegmentLength(position);
                Spend(segment);
                position += segment;
                return segment > 0;
            default:
                return false;
        }
    }

    private static bool GoTo(int target, ref int at)
    {
        at = target;
        return target >= 0;
    }

    private bool TakeMany(in Instruction step, int next, ref int position)
    {
        int begin = position;
        int least = position;
        int count = 0;
        while (count < step.Y && _text.TakeOneOf(step.Set!, ref position))
        {
            count++;
            least = count == step.X ? position : least;
        }

        Spend((position - begin) / 4);
        if (count < step.X)
        {
            return false;
        }

        if (position > least && step.Code == OpCode.Greedy)
        {
            _stack.Push(new BacktrackEntry(BacktrackKind.OneFewer, next, position, least));
        }

        return true;
    }

    private bool TakeFew(in Instruction step, int next, ref int position)
    {
        for (int count = 0; count < step.X; count++)
        {
            if (!_text.TakeOneOf(step.Set!, ref position))
            {
                return false;
            }
        }

        Spend(step.X / 4);
        if (step.Y > step.X)
        {
            _stack.Push(new BacktrackEntry(BacktrackKind.OneMore, next, position, step.Y - step.X));
        }

        return true;
    }

    private bool Backtrack(int floor, ref int at, ref int position)
    {
        while (_stack.Count > floor)
        {
            BacktrackEntry entry = _stack.Pop();
            (at, position) = (entry.At, entry.Position);
            switch (entry.Kind)
            {
                case BacktrackKind.Elsewhere:
                    return true;
                case BacktrackKind.OneFewer:
                    position -= _text.LengthBefore(position);
                    if (position > entry.Limit)
                    {
                        _stack.Push(entry with { Position = position });
                    }

                    return true;
                case BacktrackKind.OneMore when _text.TakeOneOf(_code[at - 1].Set!, ref position):
                    if (entry.Limit > 1)
                    {
                        _stack.Push(entry with { Position = position, Limit = Fewer(entry.Limit) });
                    }

                    return true;
                case BacktrackKind.Restore:
                    _slots[entry.At] = entry.Position;
                    break;
                default:
                    break;
            }
        }

        return false;
    }

    private static int Fewer(int count) => count == int.MaxValue ? count : count - 1;

    private bool FitsBehind(int at, int position, Reach reach)
    {
        int start = position;
        for (int count = 0; count <= reach.Max; count++)
        {
            if (count >= reach.Min && Run(at, start, position) != Failed)
            {
                return true;
            }

            if (start == 0)
            {
                return false;
            }

            _steps++;
            start -= _text.LengthBefore(start);
        }

        return false;
    }

    private bool TakeReference(in Instruction step, ref int position)
    {
        var groups = _program.References[step.X];
        for (int i = groups.Length - 1; i >= 0; i--)
        {
            int begin = _slots[groups[i]];
            int end = _slots[groups[i] + 1];
            if (begin >= 0 && end >= begin)
            {
                Spend(end - begin);
                return _text.TakeText(begin, end, step.Y == 1, ref position);
            }
        }

        return false;
    }

    private void Spend(int steps) => _steps += steps;

    private void Settle()
    {
        _budget.Spend(_steps);
        _steps = 0;
    }
}
