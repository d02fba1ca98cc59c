namespace Hypercompress.Planning.Choices;

/// <summary>The points that are not dominated: by bytes, each with less error than all smaller ones.</summary>
internal static class ParetoFront
{
    /// <summary>The front of some points.</summary>
    /// <param name="points">The points, in any order.</param>
    /// <returns>Their indices, by bytes.</returns>
    public static int[] Of(CostPoint[] points)
    {
        long[] bytes = [.. points.Select(point => point.Bytes)];
        int[] order = [.. Enumerable.Range(0, points.Length)];
        Array.Sort(bytes, order);
        var front = new List<int>();
        foreach (int index in order)
        {
            if (front.Count > 0 && points[index].Error >= points[front[^1]].Error)
            {
                continue;
            }

            if (front.Count > 0 && points[front[^1]].Bytes == points[index].Bytes)
            {
                front.RemoveAt(front.Count - 1);
            }

            front.Add(index);
        }

        return [.. front];
    }

    /// <summary>The lower convex hull of a front.</summary>
    /// <param name="front">Points by bytes, errors falling.</param>
    /// <returns>Indices of its corners, by bytes.</returns>
    public static List<int> Hull(CostPoint[] front)
    {
        List<int> hull = [];
        for (int index = 0; index < front.Length; index++)
        {
            while (hull.Count > 1 && Slope(front[hull[^2]], front[hull[^1]]) <= Slope(front[hull[^1]], front[index]))
            {
                hull.RemoveAt(hull.Count - 1);
            }

            hull.Add(index);
        }

        return hull;
    }

    /// <summary>Nats saved per byte on the way from one choice to a larger one.</summary>
    /// <param name="from">The smaller one.</param>
    /// <param name="to">The larger one.</param>
    public static double Slope(CostPoint from, CostPoint to) => (from.Error - to.Error) / (to.Bytes - from.Bytes);

    /// <summary>A front of fewer points: the corners of its hull, and others that are evenly spread.</summary>
    /// <param name="front">Points by bytes, errors falling.</param>
    /// <param name="most">About how many are kept; corners are kept in any case.</param>
    /// <returns>Their indices, by bytes.</returns>
    public static int[] Thin(CostPoint[] front, int most)
    {
        if (front.Length <= most)
        {
            return [.. Enumerable.Range(0, front.Length)];
        }

        List<int> hull = Hull(front);
        int others = int.Max(2, most - hull.Count);
        double step = (front.Length - 1.0) / (others - 1);
        return [.. hull.Concat(
            Enumerable.Range(0, others).Select(index => (int)Math.Round(index * step))).Distinct().Order()];
    }
}
