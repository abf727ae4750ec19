// A file of its own, as the content security policy allows no script inside the page.
window.ui = SwaggerUIBundle({
    url: '/api/openapi.json',
    dom_id: '#reference',
    deepLinking: true,
    persistAuthorization: false,
    validatorUrl: null,
});
