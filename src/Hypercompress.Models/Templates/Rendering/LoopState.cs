using System.Globalization;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Rendering;

/// <summary>The variable <c>loop</c>; items are taken from the source only when they are needed.</summary>
/// <param name="items">The items.</param>
/// <param name="known">How many there are; null where that is only known at the end.</param>
/// <param name="recurse">Renders the loop for other items; null where the loop is not recursive.</param>
/// <param name="depth">How many loops of the same statement are around this one.</param>
internal sealed class LoopState(
    IEnumerable<object?> items, long? known, Func<TemplateArguments, string>? recurse, int depth) : TemplateCallable
{
    private readonly IEnumerator<object?> _source = items.GetEnumerator();
    private readonly Queue<object?> _ahead = new();
    private long? _length = known;
    private long _index = -1;
    private object? _current;
    private object? _previous;
    private TemplateTuple? _lastChanged;

    /// <inheritdoc/>
    public override string TypeName => "LoopContext";

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"<LoopContext {_index + 1}/{Length()}>");

    /// <summary>Goes to the next item.</summary>
    public bool TryNext(out object? item)
    {
        item = null;
        if (!TryPeek(out _))
        {
            return false;
        }

        item = _ahead.Dequeue();
        (_previous, _current) = (_current, item);
        _index++;
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="TemplateException">The loop is not recursive.</exception>
    public override object? Call(TemplateArguments arguments) => recurse is null
        ? throw new TemplateException("only a loop that is marked as recursive can be called")
        : recurse(arguments);

    /// <inheritdoc/>
    public override bool TryAttribute(string name, out object? value)
    {
        object? found = name switch
        {
            "index" => _index + 1,
            "index0" => _index,
            "revindex" => Length() - _index,
            "revindex0" => Length() - _index - 1,
            "first" => _index == 0,
            "last" => !TryPeek(out _),
            "length" => Length(),
            "depth" => depth + 1L,
            "depth0" => (long)depth,
            "cycle" => new TemplateFunction(name, Cycle),
            "changed" => new TemplateFunction(name, Changed),
            _ => this,
        };
        bool known = !ReferenceEquals(found, this);
        value = known ? found : null;
        return known || TryNeighbour(name, out value);
    }

    private bool TryNeighbour(string name, out object? value)
    {
        bool next = name == "nextitem";
        bool there = next ? TryPeek(out value) : _index > 0;
        value = there ? (next ? _ahead.Peek() : _previous)
            : new Undefined("the neighbour of the first or last item is not there", strict: false);
        return next || name == "previtem";
    }

    private bool TryPeek(out object? item)
    {
        if (_ahead.Count == 0 && _source.MoveNext())
        {
            _ahead.Enqueue(_source.Current);
        }

        return _ahead.TryPeek(out item);
    }

    private long Length()
    {
        if (_length is null)
        {
            while (_source.MoveNext())
            {
                _ahead.Enqueue(_source.Current);
            }

            _length = _index + 1 + _ahead.Count;
        }

        return _length.Value;
    }

    private object? Cycle(TemplateArguments call) => call.Values.Count > 0
        ? call.Values[(int)(_index % call.Values.Count)]
        : throw new TemplateException("cycle takes at least one value");

    private object? Changed(TemplateArguments call)
    {
        var values = new TemplateTuple(call.Values);
        bool changed = _lastChanged is null || !PythonEquality.AreEqual(values, _lastChanged, call.Run);
        _lastChanged = values;
        return changed;
    }
}
