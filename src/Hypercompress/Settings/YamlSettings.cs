using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hypercompress.Settings;

/// <summary>
/// Reads YAML into settings that remember their lines. Anchors, aliases, tags and second documents are refused.
/// </summary>
internal sealed class YamlSettings
{
    private const int DepthLimit = 32;
    private readonly string _source;
    private readonly int _lineScale;
    private readonly Parser _parser;

    private YamlSettings(string text, string source, bool isFile)
    {
        _source = source;
        _lineScale = isFile ? 1 : 0;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Reads a whole file's text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <returns>The top section; empty for an empty text.</returns>
    /// <exception cref="ConfigurationException">The text is not YAML, or its top is not a section.</exception>
    public static SettingMapping ReadFile(string text, string file)
    {
        var start = new SettingOrigin(file, 1);
        return Read(text, file, isFile: true) switch
        {
            null or { IsNull: true } => new SettingMapping(start, []),
            SettingMapping mapping => mapping,
            SettingNode other => throw new ConfigurationException(
                $"{other.Origin}: expected sections such as 'targets:', found {other.Description}"),
        };
    }

    /// <summary>Reads the value of a command-line option.</summary>
    /// <param name="text">A YAML scalar or a list such as <c>[a, b]</c>.</param>
    /// <param name="option">The option with its value, for messages.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ConfigurationException">The text is not a YAML value.</exception>
    public static SettingNode ReadValue(string text, string option) =>
        Read(text, option, isFile: false) ?? new SettingScalar(new SettingOrigin(option, 0), string.Empty, false);

    private static SettingNode? Read(string text, string source, bool isFile)
    {
        var settings = new YamlSettings(text, source, isFile);
        try
        {
            return settings.ReadDocument();
        }
        catch (YamlException fault)
        {
            int? tabbed = TabbedLine(text, (int)fault.Start.Line, (int)fault.End.Line);
            var origin = new SettingOrigin(source, isFile ? tabbed ?? (int)fault.Start.Line : 0);
            string problem = tabbed is null
                ? $"this is not valid YAML: {fault.Message}"
                : "the line is indented by a tab; YAML allows only spaces";
            throw new ConfigurationException($"{origin}: {problem}", fault);
        }
        catch (Exception fault) when (fault is not (ConfigurationException or OutOfMemoryException))
        {
            // The parser loses its state over some malformed texts; the fault lies after the last piece that it
            // understood.
            string where = settings.Reached is { Line: > 0 } reached ? reached.ToString() : source;
            throw new ConfigurationException(
                $"{where}: this is not valid YAML from here on; look for a bracket, brace or quotation mark that is "
                + "not closed, or a line that is indented differently",
                fault);
        }
    }

    private SettingOrigin Reached => new(_source, (int)(_parser.Current?.End.Line ?? 0) * _lineScale);

    // The parser says of a tab only that some token cannot start, often a line too early.
    private static int? TabbedLine(string text, int first, int last)
    {
        string[] lines = text.Split('\n');
        for (int line = first; line <= Math.Min(last + 1, lines.Length); line++)
        {
            string written = lines[line - 1];
            if (written.AsSpan(0, written.Length - written.TrimStart().Length).Contains('\t'))
            {
                return line;
            }
        }

        return null;
    }

    private SettingNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        SettingNode node = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out _))
        {
            throw Refuse(_parser.Current, "a second document begins here; only one is read");
        }

        return node;
    }

    private SettingNode ReadNode(int depth)
    {
        if (_parser.Accept<AnchorAlias>(out AnchorAlias? alias))
        {
            throw Refuse(alias, "aliases are not supported; write the value out");
        }

        _parser.Accept<NodeEvent>(out NodeEvent? next);
        if (next is not null && (!next.Anchor.IsEmpty || !next.Tag.IsEmpty))
        {
            throw Refuse(next, "anchors and tags are not supported; write the value out");
        }

        if (depth > DepthLimit)
        {
            throw Refuse(next, $"settings are nested deeper than {DepthLimit} levels");
        }

        return next switch
        {
            MappingStart => ReadMapping(depth),
            SequenceStart => ReadSequence(depth),
            _ => ReadScalar(),
        };
    }

    private SettingScalar ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        return new SettingScalar(Origin(scalar), scalar.Value, scalar.Style != ScalarStyle.Plain);
    }

    private SettingSequence ReadSequence(int depth)
    {
        var items = ImmutableArray.CreateBuilder<SettingNode>();
        var start = _parser.Consume<SequenceStart>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new SettingSequence(Origin(start), items.ToImmutable());
    }

    private SettingMapping ReadMapping(int depth)
    {
        var members = ImmutableArray.CreateBuilder<SettingMember>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var start = _parser.Consume<MappingStart>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            SettingNode key = ReadNode(depth + 1);
            if (key is not SettingScalar name)
            {
                throw new ConfigurationException($"{key.Origin}: a key must be a word, found {key.Description}");
            }

            if (!lines.TryAdd(name.Text, key.Origin.Line))
            {
                throw new ConfigurationException(
                    $"{key.Origin}: the key '{name.Text}' was already given in line {lines[name.Text]}; remove one of "
                    + "the two");
            }

            members.Add(new SettingMember(name.Text, key.Origin, ReadNode(depth + 1)));
        }

        return new SettingMapping(Origin(start), members.ToImmutable());
    }

    private SettingOrigin Origin(ParsingEvent at) => new(_source, (int)at.Start.Line * _lineScale);

    private ConfigurationException Refuse(ParsingEvent? at, string problem) =>
        new(at is null ? $"{_source}: {problem}" : $"{Origin(at)}: {problem}");
}
