namespace Synfin.Linux.Tests.Support;

/// <summary>nftables between a kernel's TCP and its devices: what it drops is lost. Skips the test where there is no nft.</summary>
internal sealed class Firewall
{
    /// <summary>Segments that do nothing but acknowledge.</summary>
    public const string PureAck = "tcp flags & (fin|syn|rst|psh|ack) == ack";

    /// <summary>The last segment of one direction.</summary>
    public const string Fin = "tcp flags & fin == fin";

    /// <summary>Segments that reset.</summary>
    public const string Reset = "tcp flags & rst == rst";

    private readonly NetworkNamespace _kernel;

    public Firewall(NetworkNamespace kernel)
    {
        _kernel = kernel;
        Rule("add table inet test");
        Rule("add chain inet test toKernel { type filter hook input priority 0; }");
        Rule("add chain inet test fromKernel { type filter hook output priority 0; }");
    }

    /// <summary>From now on what matches is lost.</summary>
    public void Drop(bool toKernel, string match) => Add(toKernel, match);

    /// <summary>The next that matches is lost, and those after it pass.</summary>
    public void DropNext(bool toKernel, string match) => Add(toKernel, $"{match} numgen inc mod 1000000000 0");

    /// <summary>Of what matches, one in <paramref name="one"/> is lost, and so many less one pass before the first.</summary>
    public void DropEvery(bool toKernel, int one, string match) => Add(toKernel, $"{match} numgen inc mod {one} {one - 1}");

    /// <summary>Loses what matches by chance.</summary>
    public void DropByChance(bool toKernel, int percent, string match) => Add(toKernel, $"{match} numgen random mod 100 < {percent}");

    /// <summary>All passes again.</summary>
    public void Lift() => Rule("flush table inet test");

    /// <summary>Packets that were dropped since the last <see cref="Lift"/>.</summary>
    public int Dropped()
    {
        int dropped = 0;
        string[] words = Rule("list table inet test").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        for (int i = 1; i < words.Length; i++)
            if (words[i - 1] == "packets") dropped += int.Parse(words[i], System.Globalization.CultureInfo.InvariantCulture);
        return dropped;
    }

    private void Add(bool toKernel, string match) =>
        Rule($"add rule inet test {(toKernel ? "toKernel" : "fromKernel")} {match} counter drop");

    private string Rule(string rule)
    {
        Requires.Program("nft");
        return _kernel.Execute(Requires.Find("nft")!, rule);
    }
}
