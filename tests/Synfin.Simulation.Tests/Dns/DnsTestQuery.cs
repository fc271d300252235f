namespace Synfin.Simulation.Tests.Dns;

/// <summary>What a scripted server was asked, read by hand and independent of the resolver's code.</summary>
internal sealed record DnsTestQuery(byte[] Octets, bool Tcp, int Port, double At)
{
    public const int A = 1;
    public const int Aaaa = 28;

    private int NameEnd => Array.IndexOf(Octets, (byte)0, 12); // no label here has a zero in it

    public int Id => Octets[0] << 8 | Octets[1];

    public int Type => Octets[NameEnd + 1] << 8 | Octets[NameEnd + 2];

    public byte[] Question => Octets[12..(NameEnd + 5)];

    public bool Edns => Octets[11] == 1;

    public int EdnsPayload => Octets[^8] << 8 | Octets[^7];

    public bool RecursionDesired => (Octets[2] & 1) == 1;

    public string Name
    {
        get
        {
            string name = "";
            for (int at = 12; Octets[at] != 0; at += 1 + Octets[at])
                name += System.Text.Encoding.ASCII.GetString(Octets, at + 1, Octets[at]) + ".";
            return name;
        }
    }

    public override string ToString() => $"{(Type == A ? "A" : "AAAA")} {Name}{(Tcp ? " tcp" : "")}";
}
