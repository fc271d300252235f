/// <summary>What a sample says of itself, held against what happened: a sample that is wrong ends with exit code 1.</summary>
internal static class Claims
{
    public static void Hold(bool holds, string claim)
    {
        if (holds)
        {
            Console.WriteLine($"holds: {claim}");
            return;
        }
        Console.Error.WriteLine($"DOES NOT HOLD: {claim}");
        Environment.Exit(1);
    }
}
