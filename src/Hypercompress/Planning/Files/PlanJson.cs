using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;
using Hypercompress.Settings;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Files;

/// <summary>A plan as a file that people can read and edit.</summary>
public static class PlanJson
{
    private const int Version = 1;
    private const long SizeLimit = 1 << 28;

    // Above this, sums over the sites of a model could leave the range of their type.
    private const long MostBytes = 1L << 50;

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The text of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>Indented JSON that ends with a line feed.</returns>
    public static string Write(CompressionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var document = new PlanDocument(
            Version,
            plan.AskedRatio,
            plan.TeacherBytes,
            plan.FixedBytes,
            plan.Structural,
            plan.Notes,
            [.. plan.Sites.Select(ToDocument)])
        {
            Measured = plan.Measured,
        };
        return JsonSerializer.Serialize(document, Layout) + "\n";
    }

    /// <summary>Writes a plan to a file.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="path">Where to; replaced when it exists.</param>
    public static void Save(CompressionPlan plan, string path) => AtomicFile.WriteText(path, Write(plan));

    /// <summary>Reads a plan for a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The sites of the model, in the order of the decoder.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="CheckpointException">
    /// The file cannot be read, a key is unknown, missing or invalid, or the plan is for another model.
    /// </exception>
    public static CompressionPlan Load(string path, IReadOnlyList<Site> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        PlanDocument document = Parse(path);
        CheckNumbers(path, document);
        for (int index = 0; index < document.Sites.Count; index++)
        {
            CheckSite(path, $"$.sites[{index}]", document.Sites[index]);
        }

        ImmutableArray<SiteAssignment> sites = [.. document.Sites.Select(FromDocument)];
        CheckModel(path, [.. sites.Select(site => site.Site)], model);
        return new CompressionPlan(
            document.AskedRatio,
            document.TeacherBytes,
            document.FixedBytes,
            document.Structural,
            [.. document.Notes],
            sites)
        {
            Measured = document.Measured,
        };
    }

    private static PlanDocument Parse(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            Require(length <= SizeLimit, path, "$", $"has {length} bytes; a plan has at most {SizeLimit}");
            return JsonSerializer.Deserialize<PlanDocument>(File.ReadAllText(path), Layout)
                ?? throw new CheckpointException(path, "the plan is null; write a plan with 'plan --save'");
        }
        catch (JsonException failure)
        {
            throw new CheckpointException(
                path, $"{JsonFault.Describe(failure)}; write a plan with 'plan --save'", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, ReadFault.Describe(path, failure), failure);
        }
    }

    private static void CheckNumbers(string path, PlanDocument document)
    {
        Require(document.Version == Version, path, "$.version", $"is {document.Version}, this program reads {Version}");
        Require(
            document.AskedRatio > 0 && double.IsFinite(document.AskedRatio),
            path,
            "$.asked_ratio",
            $"is {document.AskedRatio:g6}, a ratio is positive and finite");
        RequireBytes(document.TeacherBytes, path, "$.teacher_bytes");
        Require(
            document.FixedBytes is >= 0 and <= MostBytes,
            path,
            "$.fixed_bytes",
            $"is {document.FixedBytes}, bytes are from 0 to {MostBytes}");
        Require(
            document.Measured is not { IsUsable: false },
            path,
            "$.measured",
            "has a number that is not positive and finite; restore what 'plan --save' wrote, or leave it out");
    }

    private static void CheckSite(string path, string key, PlanSiteDocument? site)
    {
        Require(site is not null, path, key, "is null; a site has a name, a shape, bytes and offers");
        RequireBytes(site!.Bytes, path, $"{key}.bytes");
        RequireError(site.PredictedError, path, $"{key}.predicted_error");
        RequireError(site.PredictedLoss ?? 0, path, $"{key}.predicted_loss");
        for (int index = 0; index < site.Offers.Count; index++)
        {
            CheckOffer(path, $"{key}.offers[{index}]", site.Offers[index], site.Offers.Count == 1);
        }

        IEnumerable<string> branches = site.Offers.Select(offer => offer.Branch);
        Require(
            branches.Distinct().Count() == site.Offers.Count, path, $"{key}.offers", "has two offers of one branch");
        long bytes = site.Offers.Sum(offer => offer.Bytes);
        Require(
            site.Offers.Count == 0 || bytes == site.Bytes,
            path,
            $"{key}.bytes",
            $"is {site.Bytes}, its offers take {bytes}");
    }

    private static void CheckOffer(string path, string key, PlanOfferDocument? offer, bool isAlone)
    {
        Require(offer is not null, path, key, "is null; an offer has a branch, a setting and bytes");
        RequireBytes(offer!.Bytes, path, $"{key}.bytes");
        RequireError(offer.PredictedError, path, $"{key}.predicted_error");
        Require(offer.Combines || isAlone, path, $"{key}.combines", "is false, but the site has another offer");
    }

    private static void CheckModel(string path, ImmutableArray<Site> planned, IReadOnlyList<Site> model)
    {
        for (int index = 0; index < Math.Max(planned.Length, model.Count); index++)
        {
            string inPlan = index < planned.Length ? Words(planned[index]) : "nothing";
            string inModel = index < model.Count ? Words(model[index]) : "nothing";
            Require(
                inPlan == inModel,
                path,
                $"$.sites[{index}]",
                $"the plan is for another model: it has {inPlan} where the model has {inModel}; make a new plan");
        }
    }

    private static string Words(Site site)
    {
        string layer = site.Layer is { } index ? $"layer {index}" : "no layer";
        return $"{site.Name} ({site.Kind}, {layer}, [{site.Rows}, {site.Columns}])";
    }

    private static void RequireBytes(long bytes, string path, string key) => Require(
        bytes is > 0 and <= MostBytes, path, key, $"is {bytes}, bytes are from 1 to {MostBytes}");

    private static void RequireError(double error, string path, string key) => Require(
        error >= 0 && double.IsFinite(error), path, key, $"is {error:g6}, errors are finite and not negative");

    private static void Require(bool holds, string path, string key, string problem)
    {
        if (!holds)
        {
            throw new CheckpointException(path, $"{key}: {problem}");
        }
    }

    private static PlanSiteDocument ToDocument(SiteAssignment site) => new(
        site.Site.Name,
        site.Site.Kind,
        site.Site.Layer,
        site.Site.Rows,
        site.Site.Columns,
        site.Bytes,
        site.PredictedError,
        [
            .. site.Offers.Select(offer => new PlanOfferDocument(
                offer.Branch, offer.Setting, offer.Bytes, offer.PredictedError, offer.Combines)
            {
                Owner = offer.Owner,
            }),
        ],
        site.PredictedLoss);

    private static SiteAssignment FromDocument(PlanSiteDocument site) => new(
        new Site(site.Name, site.Kind, site.Layer, site.Rows, site.Columns),
        [
            .. site.Offers.Select(offer => new Offer(
                offer.Branch, offer.Setting, offer.Bytes, offer.PredictedError, offer.Combines)
            {
                Owner = offer.Owner,
            }),
        ],
        site.Bytes,
        site.PredictedError)
    {
        PredictedLoss = site.PredictedLoss ?? site.PredictedError,
    };
}
