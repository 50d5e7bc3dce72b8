package emrys.junit;

/**
 * What a client of a cloud has to be given. The key is that of the root of an account.
 *
 * @param endpoint host and port
 */
public record CloudAccess(
    String endpoint, String protocol, String region, String account, String keyId, String secret) {}
